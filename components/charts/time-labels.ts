import { formatClock, formatDay, type Zone } from '../ui/format-time.ts';
import { type TimeTicks, timeTicks } from './scale.ts';

const day = 86_400_000;

/** Ticks at round times of a zone, at most `most` of them. */
export function zoneTicks(fromMs: number, toMs: number, most: number, zone: Zone): TimeTicks {
  return timeTicks(fromMs, toMs, most, zone === 'utc' ? 0 : -new Date(fromMs).getTimezoneOffset() * 60_000);
}

/** What is written below a tick: a day where ticks are days apart, else the time. */
export function tickText(ms: number, stepMs: number, zone: Zone): string {
  return stepMs >= day ? formatDay(ms, zone) : formatClock(ms, zone, stepMs < 60_000);
}

/** The same, where midnight is named by the day that begins. */
export function tickTextByDay(ms: number, stepMs: number, zone: Zone): string {
  const text = tickText(ms, stepMs, zone);
  return text.startsWith('00:00') && stepMs >= 1_800_000 ? formatDay(ms, zone) : text;
}
