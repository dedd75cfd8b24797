import type { TraceSearch } from '#lib/adapters/traces/port.ts';
import { AppError } from '#lib/core/errors.ts';
import { instantMs } from '#lib/telemetry/index.ts';
import type { AnalysisQuery } from './params.ts';
import { type Searched, search } from './search.ts';

/** Traces of each cohort that are looked at. */
export const mostTraces = 1_000;

export interface Cohorts {
  selection: { label: string; found: Searched };
  baseline: { label: string; found: Searched };
}

type Asked = { source?: string; signal?: AbortSignal };
type Part = Partial<Pick<TraceSearch, 'fromMs' | 'toMs' | 'minDurationMs' | 'maxDurationMs' | 'status'>>;

const invalid = (path: string, message: string) =>
  new AppError('request.invalid', `${path}: ${message}`, { errors: [{ path, code: 'range', message }] });

/** Finds both cohorts of an analysis: an even choice of each over its range, the same for the same question. */
export async function findCohorts(
  query: AnalysisQuery,
  whole: TraceSearch,
  nowMs: number,
  asked: Asked,
): Promise<Cohorts> {
  const spread: TraceSearch = { ...whole, limit: mostTraces, order: 'spread' };
  const find = (part: Part) => search(narrowed(spread, part), asked);
  const pair = async (label: string, selection: Promise<Searched>, other: string, baseline: Promise<Searched>) => {
    const [chosen, rest] = await Promise.all([selection, baseline]);
    return { selection: { label, found: chosen }, baseline: { label: other, found: without(rest, chosen) } };
  };
  const instant = (name: 'boxFrom' | 'boxTo' | 'at' | 'windowFrom' | 'windowTo') => {
    const point = query[name];
    if (point === undefined) throw invalid(name, 'must be given');
    return instantMs(point, nowMs);
  };
  switch (query.cohort) {
    case 'errors': {
      if (whole.status !== undefined) throw invalid('status', 'must be left out: this cohort parts traces by it');
      return pair('errors', find({ status: 'error' }), 'the rest', find({ status: 'ok' }));
    }
    case 'slow': {
      const slowMs = query.slowMs ?? quantileOf(await find({}), 0.95);
      if (slowMs === null) return pair('slow', find({}), 'the rest', find({}));
      return pair(
        `${durationText(slowMs)} or longer`,
        find({ minDurationMs: slowMs }),
        'the rest',
        find({ maxDurationMs: slowMs }),
      );
    }
    case 'after': {
      const at = within(whole, instant('at'), 'at');
      return pair('after', find({ fromMs: at }), 'before', find({ toMs: at }));
    }
    case 'window': {
      const [from, to] = ordered(whole, instant('windowFrom'), instant('windowTo'), 'windowFrom');
      const around = Promise.all([
        from > whole.fromMs ? find({ toMs: from }) : null,
        to < whole.toMs ? find({ fromMs: to }) : null,
      ]).then(([before, after]) => joined(before, after));
      return pair('within the window', find({ fromMs: from, toMs: to }), 'outside of it', around);
    }
    case 'box': {
      const [from, to] = ordered(whole, instant('boxFrom'), instant('boxTo'), 'boxFrom');
      const { boxMinMs = 0, boxMaxMs = Number.POSITIVE_INFINITY } = query;
      if (boxMinMs > boxMaxMs) throw invalid('boxMinMs', 'must not be more than boxMaxMs');
      const inside = find({ fromMs: from, toMs: to, minDurationMs: boxMinMs, maxDurationMs: boxMaxMs });
      const all = find({}).then((found) => ({
        ...found,
        traces: found.traces.filter(({ found: { match } }) => {
          const startMs = Number(match.startNs / 1_000n) / 1_000;
          const durationMs = Number(match.durationNs) / 1e6;
          return !(startMs >= from && startMs < to && durationMs >= boxMinMs && durationMs <= boxMaxMs);
        }),
      }));
      return pair('the selection', inside, 'the rest', all);
    }
  }
}

/** The same search for a part of it: never more than the whole. */
function narrowed(whole: TraceSearch, part: Part): TraceSearch {
  const minDurationMs = Math.max(whole.minDurationMs ?? 0, part.minDurationMs ?? 0);
  const maxDurationMs = Math.min(
    whole.maxDurationMs ?? Number.POSITIVE_INFINITY,
    part.maxDurationMs ?? Number.POSITIVE_INFINITY,
  );
  const { minDurationMs: _, maxDurationMs: __, ...rest } = { ...whole, ...part };
  return {
    ...rest,
    ...(minDurationMs > 0 && { minDurationMs }),
    ...(Number.isFinite(maxDurationMs) && { maxDurationMs }),
  };
}

function within({ fromMs, toMs }: TraceSearch, atMs: number, path: string): number {
  if (atMs <= fromMs || atMs >= toMs) throw invalid(path, 'must lie within the range of the search');
  return atMs;
}

function ordered(whole: TraceSearch, fromMs: number, toMs: number, path: string): [number, number] {
  const [from, to] = [Math.max(whole.fromMs, fromMs), Math.min(whole.toMs, toMs)];
  if (from >= to) throw invalid(path, 'must be before its end, within the range of the search');
  return [from, to];
}

/** The rest without what is in the selection: a trace that stands on the border is told once. */
function without(rest: Searched, selection: Searched): Searched {
  const chosen = new Set(selection.traces.map(({ found }) => found.traceId));
  return { ...rest, traces: rest.traces.filter(({ found }) => !chosen.has(found.traceId)) };
}

function joined(a: Searched | null, b: Searched | null): Searched {
  if (!a || !b) {
    const one = a ?? b;
    if (!one) throw invalid('windowFrom', 'must leave something of the search outside of the window');
    return one;
  }
  return {
    traces: [...a.traces, ...b.traces],
    truncated: a.truncated || b.truncated,
    notes: [...new Set([...a.notes, ...b.notes])],
    sampling: a.sampling,
    outcomes: a.outcomes,
  };
}

/** Nearest rank over the durations of what was found, in milliseconds. */
function quantileOf({ traces }: Searched, quantile: number): number | null {
  const durations = Float64Array.from(traces, ({ found }) => Number(found.match.durationNs) / 1e6).sort();
  return durations[Math.max(0, Math.ceil(quantile * durations.length) - 1)] ?? null;
}

const durationText = (ms: number) =>
  ms >= 1_000 ? `${Number((ms / 1_000).toPrecision(3))} s` : `${Number(ms.toPrecision(3))} ms`;
