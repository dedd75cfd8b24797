'use client';
import { useTimeRange } from '#components/charts/time-range.tsx';
import { endsNow, formatTimePoint } from '#lib/core/time-range.ts';

const jittered = (ms: number) => () => Math.round(ms * (0.9 + Math.random() * 0.2));

/**
 * The page's time range as the API takes it. A live range is asked for in its relative form, which all viewers share;
 * a paused one is pinned to the instants at which it was paused.
 */
export function useRange() {
  const time = useTimeRange();
  const { range, fromMs, toMs, live, refreshMs } = time;
  const isPaused = endsNow(range.to) && !live;
  const wanted = isPaused
    ? { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() }
    : { from: formatTimePoint(range.from), to: formatTimePoint(range.to) };
  return {
    ...time,
    wanted,
    /** For `refetchInterval`; `leastMs` for what costs more than it is worth that often. */
    renewEvery: (leastMs = 0) => (refreshMs === false ? (false as const) : jittered(Math.max(refreshMs, leastMs))),
  };
}
