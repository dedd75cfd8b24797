import type { TimeWindow } from '../schemas.ts';
import { isTimeZone } from '../window-rules.ts';
import type { TimeWindowItem } from './shapes.ts';

const minuteMs = 60_000;
const fixed: Record<string, number> = { m: minuteMs, h: 60 * minuteMs, d: 1_440 * minuteMs, w: 10_080 * minuteMs };

/** OpenSLO's shorthand of a fixed length (`5m`, `12h`, `30d`, `4w`), in ms; null for anything else. */
export function fixedLength(text: string): number | null {
  const [, count, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  return count === undefined || unit === undefined ? null : Number(count) * (fixed[unit] as number);
}

/** A length as OpenSLO writes it, in the largest unit that it is whole in, days at most. */
export function shorthand(ms: number): string {
  for (const unit of ['d', 'h'] as const) {
    const length = fixed[unit] as number;
    if (ms >= length && ms % length === 0) return `${ms / length}${unit}`;
  }
  return `${ms / minuteMs}m`;
}

const units = { '1w': 'week', '1M': 'month', '1Q': 'quarter', '1Y': 'year' } as const;
export const calendarDurations = { week: '1w', month: '1M', quarter: '1Q', year: '1Y' } as const;
/** A Monday that begins a week, a month, a quarter and a year. */
export const calendarStart = '2024-01-01 00:00:00';

type Told = { window: TimeWindow } | { path: string[]; message: string };

/** The window of an SLO, or which of its fields is wrong and what would be right. */
export function readWindow({ duration, isRolling, calendar }: TimeWindowItem): Told {
  if (calendar && isRolling) {
    return { path: ['isRolling'], message: 'must be false with calendar: a window rolls or follows the calendar' };
  }
  if (!calendar && isRolling === false) {
    return { path: ['isRolling'], message: 'must be true without calendar: add calendar with startTime and timeZone' };
  }
  if (!calendar) {
    const ms = fixedLength(duration);
    const days = (ms ?? 0) / (fixed.d as number);
    if (ms !== null && Number.isInteger(days) && days >= 1 && days <= 90) return { window: { kind: 'rolling', days } };
    const calendarHint =
      duration in units && duration !== '1w' ? '; for the calendar month and the like add calendar' : '';
    return { path: ['duration'], message: `must be 1d to 90d for a rolling window, such as 30d or 4w${calendarHint}` };
  }
  const unit = units[duration as keyof typeof units];
  if (!Object.hasOwn(units, duration)) {
    return { path: ['duration'], message: 'must be 1w, 1M, 1Q or 1Y for a window of the calendar' };
  }
  const { timeZone, startTime } = calendar;
  // An offset or an abbreviation is no zone with rules of its own.
  if (!/^[A-Za-z][\w+-]*(?:\/[\w+-]+)*$/.test(timeZone) || !isTimeZone(timeZone)) {
    return { path: ['calendar', 'timeZone'], message: 'must be a time zone of IANA, such as Europe/Berlin or UTC' };
  }
  const wrong = startTime === undefined ? null : wrongStart(startTime, unit);
  if (wrong) return { path: ['calendar', 'startTime'], message: wrong };
  return { window: { kind: 'calendar', unit, timeZone } };
}

function wrongStart(text: string, unit: (typeof units)[keyof typeof units]): string | null {
  const [, day, time = '00:00'] = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2})?))?$/.exec(text) ?? [];
  const date = day === undefined ? null : new Date(`${day}T00:00:00Z`);
  if (!date || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day) {
    return `must be a date with time and without zone, such as ${calendarStart}`;
  }
  const begins = {
    week: date.getUTCDay() === 1,
    month: date.getUTCDate() === 1,
    quarter: date.getUTCDate() === 1 && date.getUTCMonth() % 3 === 0,
    year: date.getUTCDate() === 1 && date.getUTCMonth() === 0,
  };
  const place = {
    week: 'a Monday',
    month: 'the 1st of a month',
    quarter: 'the 1st of January, April, July or October',
    year: 'the 1st of January',
  };
  if (begins[unit] && /^00:00(?::00)?$/.test(time)) return null;
  return `must be ${place[unit]} at 00:00, such as ${calendarStart}: other beginnings are not supported`;
}
