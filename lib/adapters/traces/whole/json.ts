import { normaliseSpanId, normaliseTraceId } from '../ids.ts';
import { type Span, type SpanDetail, spanKinds } from '../port.ts';
import { durationOf, Gathering, statusOf } from './gather.ts';
import { attributesOfJson, count, integer, isObject, objects, text } from './values.ts';
import type { WholeTrace } from './whole.ts';

/** A parsed answer takes about this many times the memory of its text. */
const perByte = 4;

/** Reads OTLP/JSON with hexadecimal ids, as Jaeger v3 writes it: traces that may be merged. Never throws. */
export function wholeOfJson(resourceSpans: unknown, bytes: number): { traces: WholeTrace[]; lost: string[] } {
  const gathering = new Gathering();
  for (const ofResource of objects(resourceSpans)) {
    const resource = attributesOfJson(isObject(ofResource.resource) ? ofResource.resource.attributes : []);
    const service = typeof resource['service.name'] === 'string' ? resource['service.name'] : 'unknown_service';
    for (const ofScope of objects(ofResource.scopeSpans)) {
      const scope = isObject(ofScope.scope) ? ofScope.scope : {};
      for (const span of objects(ofScope.spans)) addSpan(gathering, span, { resource, service, scope });
    }
  }
  return { traces: gathering.build(bytes * perByte), lost: gathering.lost };
}

interface From {
  resource: SpanDetail['resource'];
  service: string;
  scope: Record<string, unknown>;
}

function addSpan(gathering: Gathering, span: Record<string, unknown>, { resource, service, scope }: From): void {
  const traceId = normaliseTraceId(text(span.traceId));
  if (traceId === null) {
    gathering.flaw(null, 'no_trace_id');
    return;
  }
  const spanId = normaliseSpanId(text(span.spanId));
  if (spanId === null) {
    gathering.flaw(traceId, 'no_span_id');
    return;
  }
  const parentSpanId = normaliseSpanId(text(span.parentSpanId));
  if (parentSpanId === null && !/^0*$/.test(text(span.parentSpanId))) gathering.flaw(traceId, 'parent_id');
  const startNs = integer(span.startTimeUnixNano) ?? 0n;
  const status = isObject(span.status) ? span.status : {};
  const common = {
    spanId,
    parentSpanId,
    service,
    name: text(span.name),
    kind: spanKinds[count(span.kind)] ?? 'unspecified',
    status: statusOf(count(status.code), errorTag(span.attributes)),
    startNs,
    durationNs: durationOf(startNs, integer(span.endTimeUnixNano) ?? 0n),
  } satisfies Partial<Span>;
  gathering.add(traceId, {
    light: { ...common, events: objects(span.events).length, links: objects(span.links).length },
    open: () => ({
      ...common,
      traceId,
      statusMessage: text(status.message) || null,
      traceState: text(span.traceState) || null,
      scope: { name: text(scope.name) || null, version: text(scope.version) || null },
      attributes: attributesOfJson(span.attributes),
      resource,
      events: objects(span.events).map((event) => ({
        name: text(event.name),
        timeNs: integer(event.timeUnixNano) ?? 0n,
        attributes: attributesOfJson(event.attributes),
      })),
      links: objects(span.links).map((link) => ({
        traceId: normaliseTraceId(text(link.traceId)) ?? text(link.traceId),
        spanId: normaliseSpanId(text(link.spanId)) ?? text(link.spanId),
        attributes: attributesOfJson(link.attributes),
      })),
      dropped: {
        attributes: count(span.droppedAttributesCount),
        events: count(span.droppedEventsCount),
        links: count(span.droppedLinksCount),
      },
      warnings: [],
    }),
  });
}

function errorTag(attributes: unknown): unknown {
  const found = objects(attributes).find(({ key }) => key === 'error')?.value;
  return isObject(found) ? (found.boolValue ?? found.stringValue) : undefined;
}
