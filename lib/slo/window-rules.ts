import type { TimeWindow } from './schemas.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
/** Length of a bucket of the ledger. */
export const bucketMs = 5 * minuteMs;

export interface WindowSpan {
  fromMs: number;
  /** When it is over; not in it any more. */
  endsMs: number;
}

type CalendarWindow = Extract<TimeWindow, { kind: 'calendar' }>;

/**
 * The window that an instant lies in, in ms since 1970. A rolling one is the `days` before the instant; a calendar one
 * begins and ends at local midnight, or at the first instant of a day whose midnight the clocks skip, so that windows
 * follow each other without a hole. `RangeError` for a time zone that is not IANA's.
 */
export function windowAt(window: TimeWindow, atMs: number): WindowSpan {
  if (window.kind === 'rolling') return { fromMs: atMs - window.days * dayMs, endsMs: atMs };
  const place = placeOf(localMs(window.timeZone, atMs), window.unit);
  // Where clocks go back over midnight, the date alone may name the neighbour.
  for (const index of [place, place + 1, place - 1]) {
    const span = calendarSpan(window, index);
    if (span.fromMs <= atMs && atMs < span.endsMs) return span;
  }
  return calendarSpan(window, place);
}

/** The calendar window before one that begins at `fromMs`. */
export const windowBefore = (window: CalendarWindow, fromMs: number): WindowSpan => windowAt(window, fromMs - 1);

/** Whether a name is a time zone that this runtime knows, as IANA writes it. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

const calendarSpan = (window: CalendarWindow, index: number): WindowSpan => ({
  fromMs: firstInstant(window.timeZone, dateAt(index, window.unit)),
  endsMs: firstInstant(window.timeZone, dateAt(index + 1, window.unit)),
});

const months = { month: 1, quarter: 3, year: 12 } as const;
/** 1969-12-29, the Monday before 1970. */
const firstMondayMs = -3 * dayMs;

/** Number of the week, month, quarter or year that a local time lies in. */
function placeOf(local: number, unit: CalendarWindow['unit']): number {
  if (unit === 'week') return Math.floor((local - firstMondayMs) / (7 * dayMs));
  const date = new Date(local);
  return Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / months[unit]);
}

/** The local midnight with which it begins, read as if it were UTC. */
function dateAt(index: number, unit: CalendarWindow['unit']): number {
  if (unit === 'week') return firstMondayMs + index * 7 * dayMs;
  return Date.UTC(Math.floor((index * months[unit]) / 12), (((index * months[unit]) % 12) + 12) % 12);
}

/** Further apart than any zone is from UTC, and nearer than two changes of a clock are to each other. */
const farMs = 30 * hourMs;

/** The first instant at which clocks show `local` or later. */
function firstInstant(timeZone: string, local: number): number {
  const before = offsetMs(timeZone, local - farMs);
  const at = local - before;
  const after = offsetMs(timeZone, at);
  if (after === before) return at;
  const shifted = local - after;
  if (offsetMs(timeZone, shifted) === after) return shifted;
  // The clocks skip it: the day begins when they are moved.
  let still = shifted;
  let moved = at;
  while (moved - still > 1_000) {
    const middle = Math.floor((still + moved) / 2_000) * 1_000;
    if (offsetMs(timeZone, middle) === before) still = middle;
    else moved = middle;
  }
  return moved;
}

const offsetMs = (timeZone: string, atMs: number) => localMs(timeZone, atMs) - Math.floor(atMs / 1_000) * 1_000;

/** What clocks show at an instant, to the second, read as if it were UTC. */
function localMs(timeZone: string, atMs: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(atMs)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, made);
  return made;
}
