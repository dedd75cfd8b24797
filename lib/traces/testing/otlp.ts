import type { Attributes } from '#lib/adapters/otlp/attributes.ts';
import { type SpanDetail, spanKinds, spanStatuses } from '#lib/adapters/traces/port.ts';

function anyValue(value: Attributes[string]): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { stringValue: JSON.stringify(value) };
}

const attributesOf = (attributes: Attributes) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));

const otlpSpan = (span: SpanDetail) => ({
  traceId: span.traceId,
  spanId: span.spanId,
  parentSpanId: span.parentSpanId ?? '',
  name: span.name,
  kind: spanKinds.indexOf(span.kind),
  startTimeUnixNano: String(span.startNs),
  endTimeUnixNano: String(span.startNs + span.durationNs),
  attributes: attributesOf(span.attributes),
  status: { code: spanStatuses.indexOf(span.status) },
});

const spansAtOnce = 2_000;

/** Sends spans as OTLP over HTTP, as exporters do. */
export async function exportSpans(url: string, spans: readonly SpanDetail[]): Promise<void> {
  for (let from = 0; from < spans.length; from += spansAtOnce) {
    const byResource = Map.groupBy(spans.slice(from, from + spansAtOnce), ({ resource }) => resource);
    const resourceSpans = [...byResource].map(([resource, own]) => ({
      resource: { attributes: attributesOf(resource) },
      scopeSpans: [{ spans: own.map(otlpSpan) }],
    }));
    const response = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans }),
    });
    if (!response.ok) throw new Error(`the receiver answered ${response.status}: ${await response.text()}`);
  }
}
