import type {
  AttributeFilter,
  FoundTrace as Found,
  Sampling,
  TraceSearch,
  TraceSearchAnswer,
  TraceSource,
} from '#lib/adapters/traces/port.ts';
import type { Context } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { environmentOf, resolveRange } from '#lib/telemetry/index.ts';
import { defaultLimit, type SearchQuery } from './params.ts';
import type { FoundTrace, TraceList } from './schemas.ts';
import { withinReach } from './scope.ts';
import { answerOf, answersOf, askAll, notesOf, type Outcome, Skipped, sourcesFor } from './sources.ts';

/** A search that is the same for every source. `request.invalid` where it contradicts itself. */
export function searchOf(query: SearchQuery): TraceSearch {
  const { fromMs, toMs } = resolveRange(query);
  const { env, service, operation, status, minDurationMs, maxDurationMs, attribute = [], q } = query;
  if (minDurationMs !== undefined && maxDurationMs !== undefined && minDurationMs > maxDurationMs) {
    const message = 'must not be less than minDurationMs';
    throw new AppError('request.invalid', `maxDurationMs: ${message}`, {
      errors: [{ path: 'maxDurationMs', code: 'range', message }],
    });
  }
  return {
    environment: environmentOf(env),
    fromMs,
    toMs,
    ...(service !== undefined && { service }),
    ...(operation !== undefined && { operation }),
    ...(status !== undefined && { status }),
    ...(minDurationMs !== undefined && { minDurationMs }),
    ...(maxDurationMs !== undefined && { maxDurationMs }),
    attributes: attribute satisfies AttributeFilter[],
    ...(q !== undefined && { query: q }),
    limit: query.limit ?? defaultLimit,
    order: query.order ?? 'newest',
  };
}

/** Traces with the source that each was found in, newest first. */
export interface Searched {
  traces: { found: Found; source: TraceSource }[];
  truncated: boolean;
  notes: string[];
  sampling: Sampling | null;
  outcomes: Outcome<TraceSearchAnswer>[];
}

/** Asks every source that can take the search and merges what they found, each trace once. */
export async function search(
  wanted: TraceSearch,
  { source, signal }: { source?: string; signal?: AbortSignal } = {},
): Promise<Searched> {
  const outcomes = await askAll(
    sourcesFor(source),
    async (one, within) => {
      await requireCapable(one, wanted, within);
      return one.search(wanted, { signal: within });
    },
    { signal },
  );
  return { ...merged(outcomes, wanted), outcomes };
}

async function requireCapable(source: TraceSource, wanted: TraceSearch, signal: AbortSignal): Promise<void> {
  const can = await source.capabilities({ signal });
  if (wanted.query !== undefined && can.queryLanguage === null) throw new Skipped('It speaks no TraceQL.');
  if (can.serviceRequired && wanted.service === undefined) {
    throw new Skipped('It can search only within one service: choose one.');
  }
  if (!can.negation && wanted.attributes.some(({ operator }) => operator !== '=')) {
    throw new Skipped('It can search attributes only by “=”.');
  }
}

function merged(outcomes: readonly Outcome<TraceSearchAnswer>[], wanted: TraceSearch): Omit<Searched, 'outcomes'> {
  const answers = answersOf(outcomes);
  const byId = new Map<string, { found: Found; source: TraceSource }>();
  for (const { source, value } of answers) {
    for (const found of value.traces) {
      const known = byId.get(found.traceId);
      if (!known || (found.spanCount ?? 0) > (known.found.spanCount ?? 0)) byId.set(found.traceId, { found, source });
    }
  }
  const all = [...byId.values()];
  const chosen =
    wanted.order === 'spread' && all.length > wanted.limit
      ? all.sort((a, b) => byScatter(a.found, b.found))
      : all.sort((a, b) => byNewest(a.found, b.found));
  const traces = chosen.slice(0, wanted.limit).sort((a, b) => byNewest(a.found, b.found));
  const samplings = answers.flatMap(({ value }) => value.sampling ?? []);
  return {
    traces,
    truncated: all.length > wanted.limit || answers.some(({ value }) => value.truncated),
    notes: [...notesOf(outcomes), ...new Set(answers.flatMap(({ value }) => value.notes))],
    sampling: samplings.sort((a, b) => a.keptRatio - b.keptRatio)[0] ?? null,
  };
}

const byTraceId = (a: Found, b: Found) => (a.traceId < b.traceId ? -1 : a.traceId > b.traceId ? 1 : 0);

function byNewest(a: Found, b: Found): number {
  if (a.match.startNs !== b.match.startNs) return a.match.startNs < b.match.startNs ? 1 : -1;
  return byTraceId(a, b);
}

/** A number that follows from the id alone and from no time (FNV-1a), for an even choice that stays the same. */
function scattered(traceId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < traceId.length; index += 1) {
    hash = Math.imul(hash ^ traceId.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** An order that has nothing to do with time: the first of it are an even choice. */
export function byScatter(a: Found, b: Found): number {
  return scattered(a.traceId) - scattered(b.traceId) || byTraceId(a, b);
}

const nsPerMs = 1_000_000n;

/** Milliseconds with three digits behind the point: to the microsecond. */
export const millisecondsOf = (ns: bigint) => Number(ns / 1_000n) / 1_000;

/** An instant as RFC 3339 with milliseconds; the nearest that can be written where it is none. */
export function instantOf(ns: bigint): string {
  const ms = Number(ns / nsPerMs);
  return new Date(Math.max(-62_135_596_800_000, Math.min(253_402_300_799_999, ms))).toISOString();
}

export function foundTraceOf({ found, source }: { found: Found; source: TraceSource }): FoundTrace {
  const { match } = found;
  return {
    traceId: found.traceId,
    source: source.source.id,
    at: instantOf(match.startNs),
    startNs: String(found.startNs),
    durationMs: millisecondsOf(found.durationNs),
    root: found.root,
    match: {
      spanId: match.spanId,
      service: match.service,
      name: match.name,
      startNs: String(match.startNs),
      durationMs: millisecondsOf(match.durationNs),
      status: match.status,
    },
    spanCount: found.spanCount,
    errorCount: found.errorCount,
    services: found.services,
    sampledRatio: found.sampledRatio,
  };
}

/** Traces that match, newest first, from every source that answered. */
export async function searchTraces(ctx: Context, query: SearchQuery): Promise<TraceList> {
  const wanted = searchOf(query);
  const { traces, truncated, notes, sampling, outcomes } = await search(wanted, {
    source: query.source,
    signal: ctx.signal,
  });
  return {
    items: traces.map(({ found, source }) =>
      foundTraceOf({ found: withinReach(ctx, wanted.environment, found), source }),
    ),
    nextCursor: null,
    from: new Date(wanted.fromMs).toISOString(),
    to: new Date(wanted.toMs).toISOString(),
    truncated,
    notes,
    sampling,
    sources: outcomes.map((outcome) => answerOf(outcome)),
  };
}
