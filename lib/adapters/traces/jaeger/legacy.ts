import * as z from 'zod';
import type { Attributes, AttributeValue } from '#lib/adapters/otlp/attributes.ts';
import { type Endpoint, get, jsonOf, sourceError, statusError } from '../http.ts';
import { normaliseSpanId, normaliseTraceId } from '../ids.ts';
import { type CallOptions, type Span, type SpanDetail, type SpanLink, spanKinds, type TraceSearch } from '../port.ts';
import { Gathering, statusOf } from '../whole/gather.ts';
import { exactInteger, integer, isObject, objects, text } from '../whole/values.ts';
import type { WholeTrace } from '../whole/whole.ts';
import { goDuration } from './v3.ts';

const envelope = z.object({ data: z.array(z.unknown()).nullish() });
const perByte = 4;

/** Parameters of a search; times in microseconds. */
export function legacyParameters(search: TraceSearch, tags: Record<string, string>, limit: number): URLSearchParams {
  const parameters = new URLSearchParams({ service: search.service ?? '', limit: String(limit), raw: 'true' });
  parameters.set('start', String(Math.round(search.fromMs * 1_000)));
  parameters.set('end', String(Math.round(search.toMs * 1_000)));
  if (search.operation !== undefined) parameters.set('operation', search.operation);
  if (search.minDurationMs !== undefined) parameters.set('minDuration', goDuration(search.minDurationMs));
  if (search.maxDurationMs !== undefined) parameters.set('maxDuration', goDuration(search.maxDurationMs));
  if (Object.keys(tags).length > 0) parameters.set('tags', JSON.stringify(tags));
  return parameters;
}

async function ask(
  endpoint: Endpoint,
  path: string,
  parameters: URLSearchParams | null,
  options?: CallOptions,
): Promise<{ data: unknown[]; bytes: number } | null> {
  const answer = await get(endpoint, path, parameters, options);
  if (answer.status === 404) return null;
  if (answer.status !== 200) throw statusError(endpoint, answer);
  const parsed = envelope.safeParse(jsonOf(endpoint, answer));
  if (!parsed.success) throw sourceError(endpoint, 'garbled', 'The answer is JSON, but not as Jaeger writes it.');
  return { data: parsed.data.data ?? [], bytes: answer.body.byteLength };
}

export async function searchLegacy(
  endpoint: Endpoint,
  parameters: URLSearchParams,
  options?: CallOptions,
): Promise<WholeTrace[]> {
  const found = await ask(endpoint, '/api/traces', parameters, options);
  if (!found) throw sourceError(endpoint, 'garbled', 'This Jaeger has no search below /api/traces.');
  return wholeOfLegacy(found.data, found.bytes).traces;
}

export async function traceLegacy(endpoint: Endpoint, traceId: string): Promise<WholeTrace | null> {
  const found = await ask(endpoint, `/api/traces/${traceId}`, new URLSearchParams({ raw: 'true' }));
  if (!found) return null;
  const { traces, lost } = wholeOfLegacy(found.data, found.bytes);
  const trace = traces.find((one) => one.traceId === traceId);
  if (!trace && traces.length > 0) {
    throw sourceError(endpoint, 'garbled', 'The answer holds another trace than the one that was asked for.');
  }
  return trace ? { ...trace, warnings: [...trace.warnings, ...lost] } : null;
}

export async function servicesLegacy(endpoint: Endpoint, options?: CallOptions): Promise<string[]> {
  const found = await ask(endpoint, '/api/services', null, options);
  return (found?.data ?? []).filter((name) => typeof name === 'string');
}

export async function operationsLegacy(endpoint: Endpoint, service: string, options?: CallOptions): Promise<string[]> {
  const found = await ask(endpoint, `/api/services/${encodeURIComponent(service)}/operations`, null, options);
  return (found?.data ?? []).filter((name) => typeof name === 'string');
}

/** Reads traces of the internal API, whatever stands there. Times are in microseconds. Never throws. */
export function wholeOfLegacy(data: readonly unknown[], bytes: number): { traces: WholeTrace[]; lost: string[] } {
  const gathering = new Gathering();
  const warnings = new Map<string, string[]>();
  for (const trace of objects(data)) {
    const processes = isObject(trace.processes) ? trace.processes : {};
    const resources = new Map<unknown, { service: string; resource: Attributes }>();
    const id = normaliseTraceId(text(trace.traceID));
    if (id !== null) warnings.set(id, sentences(trace.warnings));
    for (const span of objects(trace.spans)) {
      let from = resources.get(span.processID);
      if (!from) {
        const process = processes[text(span.processID)];
        from = resourceOf(isObject(process) ? process : {});
        resources.set(span.processID, from);
      }
      addSpan(gathering, span, id, from);
    }
  }
  const traces = gathering.build(bytes * perByte).map((trace) => ({
    ...trace,
    warnings: [...trace.warnings, ...(warnings.get(trace.traceId) ?? [])],
  }));
  return { traces, lost: gathering.lost };
}

function resourceOf(process: Record<string, unknown>): { service: string; resource: Attributes } {
  const service = text(process.serviceName) || 'unknown_service';
  return { service, resource: { 'service.name': service, ...attributesOfTags(process.tags) } };
}

const kinds = new Map(spanKinds.map((kind) => [kind as string, kind]));

function addSpan(
  gathering: Gathering,
  span: Record<string, unknown>,
  ofTrace: string | null,
  { service, resource }: { service: string; resource: Attributes },
): void {
  const traceId = normaliseTraceId(text(span.traceID)) ?? ofTrace;
  if (traceId === null) {
    gathering.flaw(null, 'no_trace_id');
    return;
  }
  const spanId = normaliseSpanId(text(span.spanID));
  if (spanId === null) {
    gathering.flaw(traceId, 'no_span_id');
    return;
  }
  const references = objects(span.references);
  const isParent = (one: Record<string, unknown>) => normaliseTraceId(text(one.traceID)) === traceId;
  const parent =
    references.find((one) => one.refType === 'CHILD_OF' && isParent(one)) ??
    references.find((one) => one.refType === 'FOLLOWS_FROM' && isParent(one));
  const parentSpanId = parent ? normaliseSpanId(text(parent.spanID)) : null;
  if (parent && parentSpanId === null) gathering.flaw(traceId, 'parent_id');
  const tags = attributesOfTags(span.tags);
  const links = references.filter((one) => one !== parent);
  const light: Span = {
    spanId,
    parentSpanId,
    service,
    name: text(span.operationName),
    kind: kinds.get(String(tags['span.kind'])) ?? 'unspecified',
    status: statusOf(tags['otel.status_code'] === 'OK' ? 1 : tags['otel.status_code'] === 'ERROR' ? 2 : 0, tags.error),
    startNs: (integer(span.startTime) ?? 0n) * 1_000n,
    durationNs: (integer(span.duration) ?? 0n) * 1_000n,
    events: objects(span.logs).length,
    links: links.length,
  };
  gathering.add(traceId, { light, open: () => detail(span, traceId, light, { tags, resource, links }) });
}

/** What Jaeger writes of OpenTelemetry's fields as tags becomes fields again. */
const fieldTags = new Set([
  'span.kind',
  'otel.status_code',
  'otel.status_description',
  'otel.scope.name',
  'otel.scope.version',
  'otel.library.name',
  'otel.library.version',
  'w3c.tracestate',
  'internal.span.format',
]);

function detail(
  span: Record<string, unknown>,
  traceId: string,
  light: Span,
  from: { tags: Attributes; resource: Attributes; links: Record<string, unknown>[] },
): SpanDetail {
  const { tags, resource, links } = from;
  const field = (...names: string[]) => {
    const found = names.map((name) => tags[name]).find((value) => typeof value === 'string' && value !== '');
    return typeof found === 'string' ? found : null;
  };
  const isField = (key: string, value: AttributeValue) =>
    fieldTags.has(key) || (key === 'error' && value === true && light.status === 'error');
  return {
    ...light,
    traceId,
    statusMessage: field('otel.status_description'),
    traceState: field('w3c.tracestate'),
    scope: {
      name: field('otel.scope.name', 'otel.library.name'),
      version: field('otel.scope.version', 'otel.library.version'),
    },
    attributes: Object.fromEntries(Object.entries(tags).filter(([key, value]) => !isField(key, value))),
    resource,
    events: objects(span.logs).map((log) => {
      const { event, ...attributes } = attributesOfTags(log.fields);
      return { name: text(event), timeNs: (integer(log.timestamp) ?? 0n) * 1_000n, attributes };
    }),
    links: links.map(
      (link): SpanLink => ({
        traceId: normaliseTraceId(text(link.traceID)) ?? text(link.traceID),
        spanId: normaliseSpanId(text(link.spanID)) ?? text(link.spanID),
        attributes: {},
      }),
    ),
    dropped: { attributes: 0, events: 0, links: 0 },
    warnings: sentences(span.warnings),
  };
}

function sentences(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}

/** Tags by key; of equal keys the last one counts. */
function attributesOfTags(tags: unknown): Attributes {
  return Object.fromEntries(objects(tags).map((tag) => [text(tag.key), valueOfTag(tag)]));
}

function valueOfTag({ type, value }: Record<string, unknown>): AttributeValue {
  if (type === 'int64') {
    const whole = integer(value);
    return whole === null ? null : exactInteger(whole);
  }
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return typeof value === 'number' ? value : null;
}
