import { formatClock, formatDay, type Zone } from '../ui/format-time.ts';

const three = (n: number) => String(n).padStart(3, '0');

/** Nanoseconds since 1970, as text, in milliseconds. */
export function nsToMs(timeNs: string): number {
  return Number(BigInt(timeNs) / 1_000_000n);
}

/** The time of a line with its milliseconds, `14:30:05.123`, and with its day where `withDay`. */
export function formatLineTime(timeNs: string, zone: Zone, withDay: boolean): string {
  const ms = nsToMs(timeNs);
  const clock = `${formatClock(ms, zone, true)}.${three(((ms % 1_000) + 1_000) % 1_000)}`;
  return withDay ? `${formatDay(ms, zone)} ${clock}` : clock;
}

/** The time as exactly as it was sent: RFC 3339 in UTC with nanoseconds, without zeros at the end past milliseconds. */
export function exactTime(timeNs: string): string {
  const ns = BigInt(timeNs);
  const ms = nsToMs(timeNs);
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return timeNs;
  const rest = String(((ns % 1_000_000n) + 1_000_000n) % 1_000_000n)
    .padStart(6, '0')
    .replace(/(000){1,2}$/, '');
  return date.toISOString().replace('Z', `${rest}Z`);
}

/** Whether a range spans more than one day in a zone, so that a time of day alone does not tell. */
export function spansDays(fromMs: number, toMs: number, zone: Zone): boolean {
  return formatDay(fromMs, zone) !== formatDay(toMs, zone);
}
