'use client';
import { endsNow, formatTimePoint } from '#lib/core/time-range.ts';
import { useTimeRange } from '../charts/time-range.tsx';

const jittered = (ms: number) => () => Math.round(ms * (0.9 + Math.random() * 0.2));

/** The page's time range as the API takes it; a paused one is pinned to the instants at which it was paused. */
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
    /** For `refetchInterval` of what is drawn over the range. */
    renewEvery: refreshMs === false ? (false as const) : jittered(refreshMs),
  };
}
