import type { Attributes, AttributeValue } from '#lib/adapters/otlp/attributes.ts';
import type { AttributeFilter, Span, SpanDetail, StoredTrace, TraceAttributes } from '../port.ts';
import { namesOf } from '../semconv.ts';

/** A span of a trace that was fetched as a whole; what is read on demand is made on demand. */
export interface WholeSpan {
  light: Span;
  open(): SpanDetail;
}

/** A trace as a backend hands it out: all of it at once. */
export interface WholeTrace {
  traceId: string;
  spans: WholeSpan[];
  partial: boolean;
  warnings: string[];
  /** Estimate of the memory that it takes, in bytes. */
  weight: number;
}

export function storedOf(trace: WholeTrace): StoredTrace {
  const { traceId, spans, partial, warnings } = trace;
  return { traceId, spans: spans.map(({ light }) => light), partial, sampledRatio: null, warnings };
}

/** Details of the spans that have one of the ids, in the order of the ids; of equal ids the first to start first. */
export function detailsOf(trace: WholeTrace, spanIds: readonly string[]): SpanDetail[] {
  const wanted = new Set(spanIds);
  const byId = Map.groupBy(
    trace.spans.filter(({ light }) => wanted.has(light.spanId)),
    ({ light }) => light.spanId,
  );
  return [...wanted].flatMap((id) => (byId.get(id) ?? []).sort(byStart).map((span) => span.open()));
}

export function attributesOfWhole(trace: WholeTrace): TraceAttributes {
  return {
    traceId: trace.traceId,
    spans: trace.spans.map((span) => {
      const { spanId, parentSpanId, service, name, kind, status, startNs, durationNs } = span.light;
      const { attributes, resource } = span.open();
      return { spanId, parentSpanId, service, name, kind, status, startNs, durationNs, attributes, resource };
    }),
  };
}

/** Earlier starts first, then by id. */
export function byStart({ light: a }: WholeSpan, { light: b }: WholeSpan): number {
  if (a.startNs !== b.startNs) return a.startNs < b.startNs ? -1 : 1;
  return a.spanId < b.spanId ? -1 : a.spanId > b.spanId ? 1 : 0;
}

const spansPerTurn = 1_000;

/** Ids of the spans that contain a text, in the order of their start. Other work gets its turn in between. */
export async function findInWhole(trace: WholeTrace, text: string, signal?: AbortSignal): Promise<string[]> {
  const wanted = text.toLowerCase();
  const found = new Set<string>();
  for (const [index, span] of trace.spans.toSorted(byStart).entries()) {
    if (index % spansPerTurn === spansPerTurn - 1) await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted) break;
    if (contains(span, wanted)) found.add(span.light.spanId);
  }
  return [...found];
}

function contains(span: WholeSpan, wanted: string): boolean {
  const { name, service } = span.light;
  if (has(name, wanted) || has(service, wanted)) return true;
  const { statusMessage, attributes, events } = span.open();
  return (
    has(statusMessage, wanted) ||
    has(attributes, wanted) ||
    events.some((event) => has(event.name, wanted) || has(event.attributes, wanted))
  );
}

/** Whether a value, or a key or value inside of it, contains a text that is in lower case. */
export function has(value: AttributeValue | Attributes, wanted: string): boolean {
  if (value === null) return false;
  if (typeof value !== 'object') return String(value).toLowerCase().includes(wanted);
  if (Array.isArray(value)) return value.some((item) => has(item, wanted));
  return Object.entries(value).some(([key, item]) => key.toLowerCase().includes(wanted) || has(item, wanted));
}

/** The text of a value as a person types it. */
export function textOf(value: AttributeValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Whether a span fits a filter, under any of the names that its key has had. */
export function fits({ attributes, resource }: SpanDetail, { scope, key, operator, value }: AttributeFilter): boolean {
  const sides = scope === 'span' ? [attributes] : scope === 'resource' ? [resource] : [attributes, resource];
  return sides.some((side) => {
    const name = namesOf(key).find((one) => Object.hasOwn(side, one) && side[one] !== null);
    if (name === undefined) return false;
    if (operator === 'exists') return true;
    return (textOf(side[name] ?? null) === value) === (operator === '=');
  });
}
