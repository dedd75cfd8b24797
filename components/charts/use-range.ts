'use client';
import { withJitter } from '#lib/core/jitter.ts';
import { endsNow, formatTimePoint } from '#lib/core/time-range.ts';
import { useTimeRange } from './time-range.tsx';

/**
 * The page's time range as the API takes it. A live range is asked for in its relative form, which all viewers share;
 * a paused one is pinned to the instants at which it was paused.
 */
export function useRange() {
  const time = useTimeRange();
  const { range, fromMs, toMs, live, refreshMs } = time;
  const paused = endsNow(range.to) && !live;
  const wanted = paused
    ? { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() }
    : { from: formatTimePoint(range.from), to: formatTimePoint(range.to) };
  const renewNoSooner = (leastMs: number) =>
    refreshMs === false ? (false as const) : withJitter(Math.max(refreshMs, leastMs));
  return {
    ...time,
    wanted,
    paused,
    /** For `refetchInterval` of what is drawn over the range. */
    renewEvery: renewNoSooner(0),
    /** The same for what costs more than it is worth that often, in milliseconds. */
    renewNoSooner,
  };
}
