export type Zone = 'utc' | 'local';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A length of time in the two largest units that matter: `48 s`, `5 min 50 s`, `2 h 12 min`, `4.9 d`. */
export function formatSpan(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < minute) return `${Math.round(ms / 1000)} s`;
  if (ms < 10 * minute) {
    const seconds = Math.round(ms / 1000);
    return seconds % 60 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` : `${seconds / 60} min`;
  }
  if (ms < hour) return `${Math.round(ms / minute)} min`;
  if (ms < day) {
    const minutes = Math.round(ms / minute);
    return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
  }
  const days = Math.round((ms / day) * 10) / 10;
  return `${days} d`;
}

/** A length of time in one unit, for tight places: `48 s`, `4 min`, `3 h`, `2 d`. */
export function formatAge(ageMs: number): string {
  const ms = Math.max(0, ageMs);
  if (ms < minute) return `${Math.floor(ms / 1000)} s`;
  if (ms < hour) return `${Math.floor(ms / minute)} min`;
  if (ms < 2 * day) return `${Math.floor(ms / hour)} h`;
  return `${Math.floor(ms / day)} d`;
}

function partsOf(ms: number, zone: Zone) {
  const d = new Date(ms);
  return zone === 'utc'
    ? [d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate(), d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds()]
    : [d.getFullYear(), d.getMonth(), d.getDate(), d.getHours(), d.getMinutes(), d.getSeconds()];
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number | undefined) => String(n ?? 0).padStart(2, '0');

/** The time of day, `14:30` or `14:30:05`. */
export function formatClock(ms: number, zone: Zone, withSeconds = false): string {
  const [, , , h, m, s] = partsOf(ms, zone);
  return `${two(h)}:${two(m)}${withSeconds ? `:${two(s)}` : ''}`;
}

/** The day, `21 Nov`, with the year where it is not the one of `nowMs`. */
export function formatDay(ms: number, zone: Zone, nowMs = ms): string {
  const [y, mo, d] = partsOf(ms, zone);
  const [nowYear] = partsOf(nowMs, zone);
  return `${d} ${months[mo ?? 0]}${y === nowYear ? '' : ` ${y}`}`;
}

/** Day and time of day, `21 Nov, 14:30:05`. */
export function formatDateTime(ms: number, zone: Zone, withSeconds = true, nowMs = ms): string {
  return `${formatDay(ms, zone, nowMs)}, ${formatClock(ms, zone, withSeconds)}`;
}

/** The word for the zone that is shown beside times. */
export function zoneWord(zone: Zone): string {
  return zone === 'utc' ? 'UTC' : 'local';
}
