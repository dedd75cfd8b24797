import { hash } from 'node:crypto';
import { TraceSourceError } from '../errors.ts';
import { normaliseSpanId, normaliseTraceId } from '../ids.ts';
import type { CallOptions, FoundTrace, TraceAttributes, TraceSearch, TraceSource } from '../port.ts';
import { Limiter, untilAborted } from '../waiting.ts';
import type { TraceCache } from './cache.ts';
import { byNewest } from './match.ts';
import { attributesOfWhole, detailsOf, findInWhole, storedOf, type WholeTrace } from './whole.ts';

interface Options {
  sourceId: string;
  cache: TraceCache;
  /** What an answer about many traces may take, in milliseconds. */
  timeoutMs: number;
  fetch: (traceId: string, aroundMs: number | undefined) => Promise<WholeTrace | null>;
}

const fetchesAtOnce = 8;

/** What a source answers about single traces when its backend only hands them out as a whole. */
export function wholeDoors({ sourceId, cache, timeoutMs, fetch }: Options) {
  const limiter = new Limiter(fetchesAtOnce);
  const whole = (traceId: string, { signal, aroundMs }: CallOptions & { aroundMs?: number } = {}) => {
    const wanted = normaliseTraceId(traceId);
    if (wanted === null) return Promise.resolve(null);
    // Others may wait for the same fetch, so it goes on when one of them leaves.
    return untilAborted(
      sourceId,
      signal,
      cache.of(wanted, () => limiter.run(() => fetch(wanted, aroundMs))),
    );
  };
  return {
    async trace(traceId, options) {
      const found = await whole(traceId, options);
      return found && storedOf(found);
    },
    async spans(traceId, spanIds, options) {
      const found = await whole(traceId, options);
      return found
        ? detailsOf(
            found,
            spanIds.map(normaliseSpanId).filter((id) => id !== null),
          )
        : [];
    },
    async find(traceId, text, options) {
      const found = text ? await whole(traceId, options) : null;
      return found ? findInWhole(found, text, options?.signal) : [];
    },
    async attributesOf(traceIds, options = {}) {
      const deadline = AbortSignal.timeout(timeoutMs);
      const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
      let failure: unknown;
      const found = await Promise.all(
        [...new Set(traceIds)].map(async (traceId): Promise<TraceAttributes | null> => {
          try {
            const trace = await whole(traceId, { ...options, signal });
            return trace && attributesOfWhole(trace);
          } catch (error) {
            if (!(error instanceof TraceSourceError)) throw error;
            failure = error;
            return null;
          }
        }),
      );
      const had = found.filter((trace) => trace !== null);
      if (had.length === 0 && failure) throw failure;
      return had;
    },
  } satisfies Pick<TraceSource, 'trace' | 'spans' | 'find' | 'attributesOf'>;
}

const spreadPieces = 8;

/**
 * The answer to a search in pieces of its range, where a backend knows nothing but its own choice: for `spread` each
 * of several pieces is asked for its share.
 */
export function piecesOf(search: TraceSearch): TraceSearch[] {
  const width = search.toMs - search.fromMs;
  if (search.order !== 'spread' || width < spreadPieces * 2_000) return [search];
  return Array.from({ length: spreadPieces }, (_, index) => ({
    ...search,
    fromMs: search.fromMs + Math.floor((width * index) / spreadPieces),
    toMs: search.fromMs + Math.floor((width * (index + 1)) / spreadPieces),
    limit: Math.ceil(search.limit / spreadPieces),
  }));
}

/** One list of traces from several answers: each trace once, by its first match, the newest first. */
export function merge(found: readonly FoundTrace[], { order, limit }: TraceSearch): FoundTrace[] {
  const byId = new Map<string, FoundTrace>();
  for (const trace of found) {
    const known = byId.get(trace.traceId);
    if (!known || trace.match.startNs < known.match.startNs) byId.set(trace.traceId, trace);
  }
  const all = [...byId.values()];
  if (order === 'newest') return all.sort(byNewest).slice(0, limit);
  const byHash = all.map((trace) => ({ trace, hash: hash('md5', trace.traceId) }));
  byHash.sort((a, b) => (a.hash < b.hash ? -1 : 1));
  return byHash
    .slice(0, limit)
    .map(({ trace }) => trace)
    .sort(byNewest);
}
