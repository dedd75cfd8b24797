import { fromBinary } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { InstrumentationScope } from '#lib/adapters/otlp/generated/opentelemetry/proto/common/v1/common_pb.js';
import { InstrumentationScopeSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/common/v1/common_pb.js';
import { ResourceSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/resource/v1/resource_pb.js';
import {
  type Span as Message,
  SpanSchema,
} from '#lib/adapters/otlp/generated/opentelemetry/proto/trace/v1/trace_pb.js';
import { idOfBytes } from '../ids.ts';
import { type Span, type SpanDetail, spanKinds } from '../port.ts';
import { durationOf, Gathering, statusOf } from './gather.ts';
import { attributesOfMessages } from './values.ts';
import type { WholeTrace } from './whole.ts';

const spansPerTurn = 1_000;
/** Beside its bytes a span takes about this much memory. */
const perSpan = 400;

/** Fields of a protobuf message by number, as far as they are of a length that is told; numbers of the others. */
export function* fields(bytes: Uint8Array): Iterable<{ field: number; bytes?: Uint8Array; number?: number }> {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (type === WireType.LengthDelimited) yield { field, bytes: reader.bytes() };
    else if (type === WireType.Varint) yield { field, number: Number(reader.uint64()) };
    else reader.skip(type, field);
  }
}

/**
 * Reads a message whose field 1 repeats ResourceSpans (TracesData, and Tempo's Trace). The bytes of each span are
 * kept and decoded again when it is opened; other work gets its turn in between. Throws on what is no protobuf.
 */
export async function wholeOfBinary(tracesData: Uint8Array): Promise<{ traces: WholeTrace[]; lost: string[] }> {
  const gathering = new Gathering();
  let spans = 0;
  for (const ofResource of submessages(tracesData, 1)) {
    const resource = attributesOfMessages(
      [...submessages(ofResource, 1)].flatMap((bytes) => fromBinary(ResourceSchema, bytes).attributes),
    );
    const service = typeof resource['service.name'] === 'string' ? resource['service.name'] : 'unknown_service';
    for (const ofScope of submessages(ofResource, 2)) {
      const [scopeBytes] = submessages(ofScope, 1);
      const scope = scopeBytes && fromBinary(InstrumentationScopeSchema, scopeBytes);
      for (const bytes of submessages(ofScope, 2)) {
        addSpan(gathering, bytes, { resource, service, scope });
        spans += 1;
        if (spans % spansPerTurn === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }
  return { traces: gathering.build(tracesData.byteLength + spans * perSpan), lost: gathering.lost };
}

function* submessages(bytes: Uint8Array, wanted: number): Iterable<Uint8Array> {
  for (const { field, bytes: found } of fields(bytes)) if (field === wanted && found) yield found;
}

interface From {
  resource: SpanDetail['resource'];
  service: string;
  scope: InstrumentationScope | undefined;
}

function addSpan(gathering: Gathering, bytes: Uint8Array, { resource, service, scope }: From): void {
  const message = fromBinary(SpanSchema, bytes);
  const traceId = idOfBytes(message.traceId, 32);
  if (traceId === null) {
    gathering.flaw(null, 'no_trace_id');
    return;
  }
  const spanId = idOfBytes(message.spanId, 16);
  if (spanId === null) {
    gathering.flaw(traceId, 'no_span_id');
    return;
  }
  const parentSpanId = idOfBytes(message.parentSpanId, 16);
  if (parentSpanId === null && message.parentSpanId.some((byte) => byte !== 0)) gathering.flaw(traceId, 'parent_id');
  const light: Span = {
    spanId,
    parentSpanId,
    service,
    name: message.name,
    kind: spanKinds[message.kind] ?? 'unspecified',
    status: statusOf(message.status?.code ?? 0, errorTag(message)),
    startNs: message.startTimeUnixNano,
    durationNs: durationOf(message.startTimeUnixNano, message.endTimeUnixNano),
    events: message.events.length,
    links: message.links.length,
  };
  gathering.add(traceId, {
    light,
    open: () => detail(fromBinary(SpanSchema, bytes), traceId, light, { resource, service, scope }),
  });
}

function errorTag({ attributes }: Message): unknown {
  return attributes.find(({ key }) => key === 'error')?.value?.value.value;
}

function detail(message: Message, traceId: string, light: Span, { resource, scope }: From): SpanDetail {
  return {
    ...light,
    traceId,
    statusMessage: message.status?.message || null,
    traceState: message.traceState || null,
    scope: { name: scope?.name || null, version: scope?.version || null },
    attributes: attributesOfMessages(message.attributes),
    resource,
    events: message.events.map(({ name, timeUnixNano, attributes }) => ({
      name,
      timeNs: timeUnixNano,
      attributes: attributesOfMessages(attributes),
    })),
    links: message.links.map((link) => ({
      traceId: idOfBytes(link.traceId, 32) ?? '',
      spanId: idOfBytes(link.spanId, 16) ?? '',
      attributes: attributesOfMessages(link.attributes),
    })),
    dropped: {
      attributes: message.droppedAttributesCount,
      events: message.droppedEventsCount,
      links: message.droppedLinksCount,
    },
    warnings: [],
  };
}
