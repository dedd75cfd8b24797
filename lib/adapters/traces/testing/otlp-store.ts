import type { IncomingMessage } from 'node:http';
import { create, fromBinary, type JsonObject, toBinary, toJson } from '@bufbuild/protobuf';
import type { Attributes } from '#lib/adapters/otlp/attributes.ts';
import { ExportTraceServiceRequestSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/collector/trace/v1/trace_service_pb.js';
import type { InstrumentationScope } from '#lib/adapters/otlp/generated/opentelemetry/proto/common/v1/common_pb.js';
import type { Resource } from '#lib/adapters/otlp/generated/opentelemetry/proto/resource/v1/resource_pb.js';
import { type Span, TracesDataSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/trace/v1/trace_pb.js';
import { attributesOfMessages } from '../whole/values.ts';

/** A span as a pretended backend keeps it. */
export interface Kept {
  traceId: string;
  spanId: string;
  parentId: string;
  span: Span;
  resource: Resource | undefined;
  scope: InstrumentationScope | undefined;
  service: string;
  attributes: Attributes;
  resourceAttributes: Attributes;
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Spans by trace, as they come in over OTLP. */
export class OtlpStore {
  readonly traces = new Map<string, Kept[]>();

  async take(request: IncomingMessage): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { resourceSpans } = fromBinary(ExportTraceServiceRequestSchema, Buffer.concat(chunks));
    for (const { resource, scopeSpans } of resourceSpans) {
      const resourceAttributes = attributesOfMessages(resource?.attributes ?? []);
      for (const { scope, spans } of scopeSpans) {
        for (const span of spans) {
          const traceId = hex(span.traceId);
          const kept = this.traces.get(traceId) ?? [];
          this.traces.set(traceId, kept);
          kept.push({
            traceId,
            spanId: hex(span.spanId),
            parentId: hex(span.parentSpanId),
            span,
            resource,
            scope,
            service: String(resourceAttributes['service.name'] ?? ''),
            attributes: attributesOfMessages(span.attributes),
            resourceAttributes,
          });
        }
      }
    }
  }

  get services(): string[] {
    return [...new Set([...this.traces.values()].flat().map(({ service }) => service))].sort();
  }
}

function tracesData(spans: readonly Kept[]) {
  return create(TracesDataSchema, {
    resourceSpans: spans.map(({ resource, scope, span }) => ({
      ...(resource ? { resource } : {}),
      scopeSpans: [{ ...(scope ? { scope } : {}), spans: [span] }],
    })),
  });
}

export function asBinary(spans: readonly Kept[]): Uint8Array {
  return toBinary(TracesDataSchema, tracesData(spans));
}

/** OTLP/JSON: ids in hexadecimal, kinds and codes as numbers, zero values left out. */
export function asJson(spans: readonly Kept[]): JsonObject {
  return withHexIds(toJson(TracesDataSchema, tracesData(spans), { enumAsInteger: true })) as JsonObject;
}

function withHexIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withHexIds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      ['traceId', 'spanId', 'parentSpanId'].includes(key)
        ? Buffer.from(String(item), 'base64').toString('hex')
        : withHexIds(item),
    ]),
  );
}

export const endOf = ({ span }: Kept) => span.endTimeUnixNano;
export const startOf = ({ span }: Kept) => span.startTimeUnixNano;
/** The earliest span of a trace that has no parent. */
export const rootOf = (spans: readonly Kept[]) =>
  spans.filter(({ parentId }) => parentId === '').sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1))[0];
