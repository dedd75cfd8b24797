import * as z from 'zod';
import { type Endpoint, get, jsonOf, sourceError, statusError } from '../http.ts';
import { normaliseSpanId, normaliseTraceId } from '../ids.ts';
import { type CallOptions, type FoundTrace, type Span, spanStatuses } from '../port.ts';
import { environmentKeys } from '../semconv.ts';
import { fields, wholeOfBinary } from '../whole/binary.ts';
import { sortServices } from '../whole/match.ts';
import { attributesOfJson, count, integer, isObject, objects, text } from '../whole/values.ts';
import type { WholeTrace } from '../whole/whole.ts';

/** A span of a search's answer. */
export interface FoundSpan {
  spanId: string | null;
  service: string;
  name: string;
  startNs: bigint;
  durationNs: bigint;
  status: Span['status'];
  isRoot: boolean;
  /** null where it names none, or was not asked for. */
  environment: string | null;
}

export interface FoundSpans {
  traceId: string;
  startNs: bigint;
  durationNs: bigint;
  root: FoundTrace['root'];
  services: FoundTrace['services'];
  spans: FoundSpan[];
}

const envelope = z.object({ traces: z.array(z.unknown()).nullish() });

/** Asks for what fits; throws `bad_query` with what Tempo says of the query. */
export async function searchTempo(
  endpoint: Endpoint,
  parameters: URLSearchParams,
  options?: CallOptions,
): Promise<FoundSpans[]> {
  const answer = await get(endpoint, '/api/search', parameters, options);
  if (answer.status !== 200) throw statusError(endpoint, answer);
  const parsed = envelope.safeParse(jsonOf(endpoint, answer));
  if (!parsed.success) throw sourceError(endpoint, 'garbled', 'The answer is JSON, but not as Tempo writes it.');
  return objects(parsed.data.traces ?? []).flatMap((trace) => foundSpans(trace) ?? []);
}

/** What Tempo writes as the name of a root that it has not seen. */
const notReceived = '<root span not yet received>';

function foundSpans(trace: Record<string, unknown>): FoundSpans | null {
  const traceId = normaliseTraceId(text(trace.traceID));
  if (traceId === null) return null;
  const rootService = text(trace.rootServiceName);
  const rootName = text(trace.rootTraceName);
  const sets = Array.isArray(trace.spanSets) ? objects(trace.spanSets) : objects([trace.spanSet]);
  const stats = isObject(trace.serviceStats) ? Object.entries(trace.serviceStats) : [];
  return {
    traceId,
    startNs: integer(trace.startTimeUnixNano) ?? 0n,
    durationNs: BigInt(count(trace.durationMs)) * 1_000_000n,
    root: rootService && rootService !== notReceived ? { service: rootService, name: rootName } : null,
    services: sortServices(
      stats.map(([name, of]) => ({
        name,
        spanCount: isObject(of) ? count(of.spanCount) : 0,
        errorCount: isObject(of) ? count(of.errorCount) : 0,
      })),
    ),
    spans: sets.flatMap((set) => objects(set.spans).map(foundSpan)),
  };
}

function foundSpan(span: Record<string, unknown>): FoundSpan {
  const attributes = attributesOfJson(span.attributes);
  const named = environmentKeys
    .map((key) => attributes[key])
    .find((value) => typeof value === 'string' && value !== '');
  const parent = attributes.nestedSetParent;
  return {
    spanId: normaliseSpanId(text(span.spanID)),
    service: text(attributes['service.name']),
    name: text(span.name) || text(attributes.name),
    startNs: integer(span.startTimeUnixNano) ?? 0n,
    durationNs: integer(span.durationNanos) ?? 0n,
    status: spanStatuses.find((status) => status === attributes.status) ?? 'unset',
    isRoot: typeof parent === 'number' && parent < 0,
    environment: typeof named === 'string' ? named : null,
  };
}

const partialStatus = 1;

/** A whole trace by v2 (2.7 and later) or by v1. `exists`: the address is there, whether or not the trace is. */
export async function traceTempo(
  endpoint: Endpoint,
  traceId: string,
  range: URLSearchParams | null,
  byV2: boolean,
): Promise<{ trace: WholeTrace | null; exists: boolean }> {
  const path = byV2 ? `/api/v2/traces/${traceId}` : `/api/traces/${traceId}`;
  // JSON would have ids in base64 and kinds by name.
  const answer = await get(endpoint, path, range, { accept: 'application/protobuf' });
  if (answer.status === 404) return { trace: null, exists: false };
  if (answer.status !== 200) throw statusError(endpoint, answer);
  if (!/protobuf|octet-stream/.test(answer.contentType)) {
    throw sourceError(endpoint, 'garbled', 'Tempo answered with something else than the protobuf that was asked for.');
  }
  try {
    const trace = byV2 ? await wholeOfV2(answer.body, traceId) : await wholeOfV1(answer.body, traceId);
    return { trace, exists: true };
  } catch (error) {
    throw sourceError(endpoint, 'garbled', 'The trace broke off before its end, or is no protobuf.', error);
  }
}

async function wholeOfV1(body: Uint8Array, traceId: string): Promise<WholeTrace | null> {
  const { traces, lost } = await wholeOfBinary(body);
  if (traces.length === 0 && lost.length === 0) return null;
  const found = traces.find((trace) => trace.traceId === traceId);
  if (!found) throw new Error('the answer holds no span of the trace');
  return { ...found, warnings: [...found.warnings, ...lost] };
}

/** TraceByIDResponse: 1 the trace, 3 its status, 4 a message. An empty trace means that there is none. */
async function wholeOfV2(body: Uint8Array, traceId: string): Promise<WholeTrace | null> {
  let trace: Uint8Array = new Uint8Array();
  let partial = false;
  let message = '';
  for (const { field, bytes, number } of fields(body)) {
    if (field === 1 && bytes) trace = bytes;
    if (field === 3 && number === partialStatus) partial = true;
    if (field === 4 && bytes) message = new TextDecoder().decode(bytes);
  }
  const found = await wholeOfV1(trace, traceId);
  if (!found) return null;
  return { ...found, partial, warnings: message ? [...found.warnings, `Tempo says: ${message}`] : found.warnings };
}

const tagsSchema = z.object({ scopes: z.array(z.unknown()).nullish() });
const valuesSchema = z.object({ tagValues: z.array(z.unknown()).nullish() });

/** Keys by scope (`span`, `resource`, `intrinsic` …). */
export async function tagsTempo(
  endpoint: Endpoint,
  parameters: URLSearchParams,
  options?: CallOptions,
): Promise<{ scope: string; key: string }[]> {
  const answer = await get(endpoint, '/api/v2/search/tags', parameters, options);
  if (answer.status !== 200) throw statusError(endpoint, answer);
  const parsed = tagsSchema.safeParse(jsonOf(endpoint, answer));
  if (!parsed.success) throw sourceError(endpoint, 'garbled', 'The answer is JSON, but not as Tempo writes it.');
  return objects(parsed.data.scopes ?? []).flatMap(({ name, tags }) =>
    (Array.isArray(tags) ? tags : []).flatMap((key) => (typeof key === 'string' ? { scope: text(name), key } : [])),
  );
}

/** Values of one attribute or intrinsic, by its name in TraceQL. */
export async function tagValuesTempo(
  endpoint: Endpoint,
  tag: string,
  parameters: URLSearchParams,
  options?: CallOptions,
): Promise<string[]> {
  const path = `/api/v2/search/tag/${encodeURIComponent(tag)}/values`;
  const answer = await get(endpoint, path, parameters, options);
  if (answer.status !== 200) throw statusError(endpoint, answer);
  const parsed = valuesSchema.safeParse(jsonOf(endpoint, answer));
  if (!parsed.success) throw sourceError(endpoint, 'garbled', 'The answer is JSON, but not as Tempo writes it.');
  const values = objects(parsed.data.tagValues ?? []).map(({ value }) => text(value));
  return [...new Set(values)].filter(Boolean).sort();
}
