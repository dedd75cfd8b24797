import * as z from 'zod';
import { type Endpoint, get, type HttpAnswer, jsonOf, sourceError, statusError } from '../http.ts';
import { normaliseTraceId } from '../ids.ts';
import type { CallOptions, FoundTrace, TraceSearch } from '../port.ts';
import { wholeOfJson } from '../whole/json.ts';
import { sortServices } from '../whole/match.ts';
import { count, integer, isObject, objects, text } from '../whole/values.ts';
import type { WholeTrace } from '../whole/whole.ts';

const result = z.object({ result: z.object({ resourceSpans: z.unknown() }).nullish() });

/** RFC 3339 as Go reads it. */
const instant = (ms: number) => new Date(Math.round(ms)).toISOString();

/** A duration as Go reads it. */
export const goDuration = (ms: number) => `${Math.round(ms * 1_000)}us`;

/** Parameters of a search, in both spellings: each version reads its own and ignores the other. */
export function searchParameters(search: TraceSearch, tags: Record<string, string>, limit: number): URLSearchParams {
  const parameters = new URLSearchParams();
  const both = (camel: string, snake: string, value: string) => {
    parameters.set(`query.${camel}`, value);
    if (snake) parameters.set(`query.${snake}`, value);
  };
  if (search.service !== undefined) both('serviceName', 'service_name', search.service);
  if (search.operation !== undefined) both('operationName', 'operation_name', search.operation);
  both('startTimeMin', 'start_time_min', instant(search.fromMs));
  both('startTimeMax', 'start_time_max', instant(search.toMs));
  if (search.minDurationMs !== undefined) both('durationMin', 'duration_min', goDuration(search.minDurationMs));
  if (search.maxDurationMs !== undefined) both('durationMax', 'duration_max', goDuration(search.maxDurationMs));
  both('searchDepth', 'num_traces', String(limit));
  both('rawTraces', 'raw_traces', 'true');
  if (Object.keys(tags).length > 0) both('attributes', '', JSON.stringify(tags));
  return parameters;
}

/** Whole traces that fit, as far as this version can tell. */
export async function searchV3(
  endpoint: Endpoint,
  parameters: URLSearchParams,
  options?: CallOptions,
): Promise<WholeTrace[]> {
  const answer = await get(endpoint, '/api/v3/traces', parameters, options);
  return isNothing(answer) ? [] : tracesOf(endpoint, answer).traces;
}

/** One trace as it was sent: Jaeger's own correction of clocks stays off. */
export async function traceV3(endpoint: Endpoint, traceId: string): Promise<WholeTrace | null> {
  const raw = new URLSearchParams({ raw_traces: 'true', rawTraces: 'true' });
  const answer = await get(endpoint, `/api/v3/traces/${traceId}`, raw);
  if (isNothing(answer)) return null;
  const { traces, lost } = tracesOf(endpoint, answer);
  const found = traces.find((trace) => trace.traceId === traceId);
  if (!found && traces.length > 0) {
    throw sourceError(endpoint, 'garbled', 'The answer holds another trace than the one that was asked for.');
  }
  return found ? { ...found, warnings: [...found.warnings, ...lost] } : null;
}

/** "No traces found" is 404, in a document that the page of the UI does not have. */
function isNothing({ status, body }: HttpAnswer): boolean {
  return status === 404 && body.subarray(0, 100).toString('utf8').trimStart().startsWith('{"error"');
}

function tracesOf(endpoint: Endpoint, answer: HttpAnswer): { traces: WholeTrace[]; lost: string[] } {
  if (answer.status !== 200) throw statusError(endpoint, answer);
  const parsed = result.safeParse(jsonOf(endpoint, answer));
  if (!parsed.success) throw sourceError(endpoint, 'garbled', 'The answer is JSON, but not as Jaeger writes it.');
  const spans = parsed.data.result?.resourceSpans ?? [];
  if (!Array.isArray(spans)) {
    throw sourceError(endpoint, 'garbled', 'The answer is JSON, but not as Jaeger writes it.');
  }
  return wholeOfJson(spans, answer.body.byteLength);
}

/** What fits, by summary: counts of each trace without its spans. */
export async function summariesV3(
  endpoint: Endpoint,
  search: TraceSearch,
  parameters: URLSearchParams,
  options?: CallOptions,
): Promise<FoundTrace[]> {
  const answer = await get(endpoint, '/api/v3/trace-summaries', parameters, options);
  if (isNothing(answer)) return [];
  if (answer.status !== 200) throw statusError(endpoint, answer);
  const parsed = z.object({ summaries: z.array(z.unknown()).nullish() }).safeParse(jsonOf(endpoint, answer));
  if (!parsed.success) throw sourceError(endpoint, 'garbled', 'The answer is JSON, but not as Jaeger writes it.');
  return objects(parsed.data.summaries ?? []).flatMap((summary) => foundBySummary(summary, search) ?? []);
}

function foundBySummary(summary: Record<string, unknown>, search: TraceSearch): FoundTrace | null {
  const traceId = normaliseTraceId(text(summary.traceId) || text(summary.traceID));
  const startNs = integer(summary.minStartTimeUnixNano);
  if (traceId === null || startNs === null) return null;
  const durationNs = (integer(summary.maxEndTimeUnixNano) ?? startNs) - startNs;
  const root = text(summary.rootServiceName)
    ? { service: text(summary.rootServiceName), name: text(summary.rootOperationName) }
    : null;
  const errorCount = count(summary.errorSpanCount);
  const services = objects(summary.services).map((one) => ({
    name: text(one.name),
    spanCount: count(one.spanCount),
    errorCount: count(one.errorSpanCount),
  }));
  const service = search.service ?? root?.service ?? '';
  const errorsOfService = services.find(({ name }) => name === service)?.errorCount ?? errorCount;
  return {
    traceId,
    startNs,
    durationNs,
    root,
    match: {
      spanId: null,
      service,
      name: search.operation ?? (root?.service === service ? root.name : ''),
      startNs,
      durationNs,
      status: errorsOfService > 0 ? 'error' : 'unset',
    },
    spanCount: count(summary.spanCount),
    errorCount,
    services: sortServices(services),
    sampledRatio: null,
  };
}

const namesSchema = z.object({ services: z.array(z.string()).nullish() });
const operationsSchema = z.object({ operations: z.array(z.unknown()).nullish() });

export async function servicesV3(endpoint: Endpoint, options?: CallOptions): Promise<string[]> {
  const answer = await get(endpoint, '/api/v3/services', null, options);
  if (answer.status !== 200) throw statusError(endpoint, answer);
  const parsed = namesSchema.safeParse(jsonOf(endpoint, answer));
  if (!parsed.success) throw sourceError(endpoint, 'garbled', 'The answer is JSON, but not as Jaeger writes it.');
  return parsed.data.services ?? [];
}

export async function operationsV3(endpoint: Endpoint, service: string, options?: CallOptions): Promise<string[]> {
  const answer = await get(endpoint, '/api/v3/operations', new URLSearchParams({ service }), options);
  if (answer.status !== 200) throw statusError(endpoint, answer);
  const parsed = operationsSchema.safeParse(jsonOf(endpoint, answer));
  if (!parsed.success) throw sourceError(endpoint, 'garbled', 'The answer is JSON, but not as Jaeger writes it.');
  return (parsed.data.operations ?? []).flatMap((one) => (isObject(one) && text(one.name)) || []);
}
