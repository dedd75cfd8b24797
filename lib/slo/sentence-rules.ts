import type { TimeWindow } from './schemas.ts';
import { dayMs, hourMs, minuteMs } from './window-rules.ts';

/** `5.2 %`, `25 %`, `0.04 %`: a share of one. */
export function percent(share: number): string {
  const value = share * 100;
  const size = Math.abs(value);
  if (size >= 1_000) return `${Math.round(value).toLocaleString('en-GB')} %`;
  if (size !== 0 && size < 0.01) return value > 0 ? 'less than 0.01 %' : 'about 0 %';
  return `${Number(size < 0.1 ? value.toPrecision(1) : value.toFixed(1))} %`;
}

/** Events: whole, with separators. Slices and raw ratios may be fractions of one. */
export const count = (events: number): string => Math.round(events).toLocaleString('en-GB');

/** `124×`, `9.7×`, `0.99×`: a burn rate. */
export function times(burn: number): string {
  if (burn >= 100) return `${count(burn)}×`;
  return `${Number(burn.toFixed(burn >= 1 ? 1 : 2))}×`;
}

/** `5 min`, `6 h`, `5 h 49 min`, `3 d`, `30 s`. */
export function length(ms: number): string {
  if (ms >= dayMs && ms % dayMs === 0) return `${ms / dayMs} d`;
  if (ms >= hourMs && ms % hourMs === 0) return `${ms / hourMs} h`;
  const minutes = Math.round(ms / minuteMs);
  if (minutes >= 120)
    return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  if (ms >= minuteMs) return `${minutes} min`;
  return `${Math.max(1, Math.round(ms / 1_000))} s`;
}

/** `the last hour`, `the last 5 min`. */
export function past(ms: number): string {
  if (ms === hourMs) return 'the last hour';
  return ms === dayMs ? 'the last day' : `the last ${length(ms)}`;
}

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** An instant as people say it from now: `at 16:42 UTC`, `on Thursday 14:00 UTC`, `on 3 December`. */
export function when(atMs: number, nowMs: number): string {
  const at = new Date(atMs);
  const clock = `${at.toISOString().slice(11, 16)} UTC`;
  const apart = Math.floor(atMs / dayMs) - Math.floor(nowMs / dayMs);
  if (apart === 0) return `at ${clock}`;
  if (Math.abs(apart) < 7) return `on ${days[at.getUTCDay()]} ${clock}`;
  const sameYear = at.getUTCFullYear() === new Date(nowMs).getUTCFullYear();
  return `on ${at.getUTCDate()} ${monthNames[at.getUTCMonth()]}${sameYear ? '' : ` ${at.getUTCFullYear()}`}`;
}

/** The same without the word before it, for the second of a pair. */
export const instant = (atMs: number, nowMs: number): string => when(atMs, nowMs).replace(/^(at|on) /, '');

/** `30-day budget`, `budget of this month`. */
export function budgetOf(window: TimeWindow): string {
  return window.kind === 'rolling' ? `${window.days}-day budget` : `budget of this ${window.unit}`;
}
