import type {
  Span,
  Span_Event,
  Span_Link,
} from '#lib/adapters/otlp/generated/opentelemetry/proto/trace/v1/trace_pb.js';
import { bytesElement, type Columns, columnBuilder, textElement } from './columns.ts';
import { type Facts, factsBuilder } from './facts.ts';
import type { Group } from './levels.ts';
import { flags, type PackedSpans, packer } from './packed.ts';
import { boundedInteger, nsPerHour, type Refusals, refusals, type TimeWindow } from './refusals.ts';
import { type ResourceRow, resourceRow, scopeNames } from './resource.ts';
import { attributesJson, cleanText } from './values.ts';

/** The columns of `telemetry.span` in the order in which rows are built, with the types that they are sent as. */
export const spanColumns = [
  ['trace_id', 'bytea'],
  ['span_id', 'bytea'],
  ['parent_span_id', 'bytea'],
  ['start_ns', 'bigint'],
  ['duration_ns', 'bigint'],
  ['environment', 'text'],
  ['service', 'text'],
  ['name', 'text'],
  ['kind', 'smallint'],
  ['status', 'smallint'],
  ['status_message', 'text'],
  ['trace_state', 'text'],
  ['flags', 'integer'],
  ['scope_name', 'text'],
  ['scope_version', 'text'],
  ['resource_id', 'bytea'],
  ['attributes', 'jsonb'],
  ['events', 'jsonb'],
  ['links', 'jsonb'],
  ['dropped_attributes', 'integer'],
  ['dropped_events', 'integer'],
  ['dropped_links', 'integer'],
  ['sampled_ratio', 'real'],
] as const;

/** What one request leaves to be stored. */
export interface Decoded {
  rows: number;
  pieces: Columns[];
  resources: ResourceRow[];
  /** Hours since 1970 that rows fall in. */
  hours: number[];
  refused: Refusals;
  /** Said in the answer although everything was kept. */
  warnings: Refusals;
  /** Of spans only. */
  facts?: Facts;
  /** The rows one by one, without the ratio, in place of `pieces`. */
  packed?: PackedSpans;
  /** Traces with an error or a slow span, as 16 characters each; only where the rows are in `pieces`. */
  promoted?: { error: string[]; slow: string[] };
}

export interface SpanOptions {
  /** Of the body. */
  digest: string;
  slowNs: bigint;
  /** Whether some spans may be left out, so that they are needed one by one. */
  isHolding: boolean;
}

/** Turns a request into rows and facts; spans that cannot be kept are counted with their reason. */
export function spanRows(groups: Iterable<Group<Span>>, window: TimeWindow, options: SpanOptions): Decoded {
  const refused = refusals();
  const rows = columnBuilder(spanColumns.length);
  const packed = packer();
  const promoted = { error: new Set<string>(), slow: new Set<string>() };
  const resources = new Map<string, ResourceRow>();
  const hours = new Set<number>();
  const facts = factsBuilder();
  for (const { resource, scope, items } of groups) {
    const from = resourceRow(resource);
    const environment = textElement(from.environment);
    const service = textElement(from.service);
    const names = scopeNames(scope);
    const scopeName = textElement(names.name);
    const scopeVersion = textElement(names.version);
    for (const span of items) {
      const reason = whyRefused(span, window);
      if (reason) {
        refused.add(reason);
        continue;
      }
      resources.set(from.id, from);
      facts.add(span, from);
      hours.add(Number(span.startTimeUnixNano / nsPerHour));
      const row = [
        bytesElement(span.traceId),
        bytesElement(span.spanId),
        bytesElement(isZero(span.parentSpanId) ? null : span.parentSpanId),
        span.startTimeUnixNano.toString(),
        (span.endTimeUnixNano - span.startTimeUnixNano).toString(),
        environment,
        service,
        textElement(cleanText(span.name)),
        span.kind >= 0 && span.kind <= 5 ? String(span.kind) : '0',
        span.status?.code === 1 || span.status?.code === 2 ? String(span.status.code) : '0',
        span.status?.message ? textElement(cleanText(span.status.message)) : 'NULL',
        span.traceState ? textElement(cleanText(span.traceState)) : 'NULL',
        String(span.flags & 0x7fffffff),
        scopeName,
        scopeVersion,
        `"\\\\x${from.id}"`,
        textElement(attributesJson(span.attributes)),
        span.events.length > 0 ? textElement(eventsJson(span.events)) : 'NULL',
        span.links.length > 0 ? textElement(linksJson(span.links)) : 'NULL',
        boundedInteger(span.droppedAttributesCount),
        boundedInteger(span.droppedEventsCount),
        boundedInteger(span.droppedLinksCount),
      ];
      const isError = span.status?.code === 2;
      const isSlow = span.endTimeUnixNano - span.startTimeUnixNano >= options.slowNs;
      if (options.isHolding) {
        packed.add(span.traceId, (isError ? flags.error : 0) | (isSlow ? flags.slow : 0), row);
        continue;
      }
      rows.add([...row, '1']);
      if (isError) promoted.error.add(Buffer.from(span.traceId).toString('latin1'));
      else if (isSlow) promoted.slow.add(Buffer.from(span.traceId).toString('latin1'));
    }
  }
  const common = {
    resources: [...resources.values()],
    refused: refused.build(),
    warnings: refusals().build(),
    facts: facts.build(options.digest),
  };
  if (options.isHolding) {
    const spans = packed.build();
    return { ...common, rows: spans.count, pieces: [], hours: [], packed: spans };
  }
  return {
    ...common,
    ...rows.build(),
    hours: [...hours],
    promoted: { error: [...promoted.error], slow: [...promoted.slow] },
  };
}

function whyRefused(span: Span, window: TimeWindow): string | undefined {
  if (span.traceId.length !== 16 || isZero(span.traceId)) return 'trace_id must be 16 bytes that are not all zero';
  if (span.spanId.length !== 8 || isZero(span.spanId)) return 'span_id must be 8 bytes that are not all zero';
  if (span.parentSpanId.length !== 0 && span.parentSpanId.length !== 8)
    return 'parent_span_id must be empty or 8 bytes';
  if (span.endTimeUnixNano < span.startTimeUnixNano) return 'the span ends before it starts';
  if (span.startTimeUnixNano < window.fromNs) return 'the span starts before the oldest time that is kept';
  if (span.endTimeUnixNano > window.toNs) return 'the span ends in the future';
  return undefined;
}

/** True also for no bytes at all. */
export function isZero(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0) return false;
  return true;
}

function eventsJson(events: Span_Event[]): string {
  return `[${events
    .map(
      (event) =>
        `{"name":${JSON.stringify(cleanText(event.name))},"timeUnixNano":"${event.timeUnixNano}",` +
        `"attributes":${attributesJson(event.attributes)},"droppedAttributesCount":${event.droppedAttributesCount}}`,
    )
    .join()}]`;
}

function linksJson(links: Span_Link[]): string {
  return `[${links
    .map(
      (link) =>
        `{"traceId":"${Buffer.from(link.traceId).toString('hex')}","spanId":"${Buffer.from(link.spanId).toString('hex')}",` +
        `"traceState":${JSON.stringify(cleanText(link.traceState))},"attributes":${attributesJson(link.attributes)},` +
        `"droppedAttributesCount":${link.droppedAttributesCount}}`,
    )
    .join()}]`;
}
