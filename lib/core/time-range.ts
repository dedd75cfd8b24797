/** One end of a range: so long before now, or an instant. */
export type TimePoint = { kind: 'relative'; agoMs: number } | { kind: 'absolute'; atMs: number };

export interface TimeRange {
  from: TimePoint;
  to: TimePoint;
  zone: 'utc' | 'local';
  /** Whether figures are renewed by themselves; only a range that ends now can be. */
  live: boolean;
}

interface Params {
  get(name: string): string | null;
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const units = ['w', 'd', 'h', 'm', 's'] as const;
const words = { s: 'second', m: 'minute', h: 'hour', d: 'day', w: 'week' } as const;
const shortestMs = 10_000;
const longestMs = 5 * 366 * unitMs.d;

/** The offered ranges that end now, as `from` expressions. */
export const presets = [
  'now-5m',
  'now-15m',
  'now-30m',
  'now-1h',
  'now-3h',
  'now-6h',
  'now-12h',
  'now-1d',
  'now-2d',
  'now-7d',
  'now-30d',
] as const;

/** Reads `now`, `now-90m`, an RFC 3339 instant or milliseconds since 1970; undefined when it is none of them. */
export function parseTimePoint(text: string): TimePoint | undefined {
  const value = text.trim();
  if (value === 'now') return { kind: 'relative', agoMs: 0 };
  const relative = /^now-(\d{1,6})([smhdw])$/.exec(value);
  if (relative) {
    const agoMs = Number(relative[1]) * unitMs[relative[2] as keyof typeof unitMs];
    return agoMs <= longestMs ? { kind: 'relative', agoMs } : undefined;
  }
  if (/^\d{10,14}$/.test(value)) return { kind: 'absolute', atMs: Number(value) };
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) {
    const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`;
    const atMs = Date.parse(zoned);
    if (Number.isFinite(atMs)) return { kind: 'absolute', atMs };
  }
  return undefined;
}

/** Writes what `parseTimePoint` reads: the largest unit that divides evenly, or an instant in UTC. */
export function formatTimePoint(point: TimePoint): string {
  if (point.kind === 'absolute') return new Date(point.atMs).toISOString().replace('.000Z', 'Z');
  if (point.agoMs === 0) return 'now';
  const unit = units.find((u) => u !== 'w' && point.agoMs % unitMs[u] === 0) ?? 's';
  return `now-${Math.round(point.agoMs / unitMs[unit])}${unit}`;
}

/** The last hour in UTC, live. */
export const defaultTimeRange: TimeRange = {
  from: { kind: 'relative', agoMs: unitMs.h },
  to: { kind: 'relative', agoMs: 0 },
  zone: 'utc',
  live: true,
};

/**
 * The range that an address asks for (`from`, `to`, `tz`, `live`). What cannot be read falls back to `fallback`, and
 * `problem` says what it was.
 */
export function parseTimeRange(
  params: Params,
  fallback: TimeRange = defaultTimeRange,
): { range: TimeRange; problem?: string } {
  const problems: string[] = [];
  const end = (name: 'from' | 'to'): TimePoint => {
    const text = params.get(name);
    if (text === null || text === '') return fallback[name];
    const point = parseTimePoint(text);
    if (!point) problems.push(`“${name}” is not a time: write now-1h or 2026-11-21T14:00:00Z`);
    return point ?? fallback[name];
  };
  let from = end('from');
  let to = end('to');
  const now = Date.now();
  if (instant(from, now) >= instant(to, now)) {
    if (params.get('from') !== null || params.get('to') !== null) problems.push('the range ends before it begins');
    from = fallback.from;
    to = fallback.to;
  }
  const tz = params.get('tz');
  const live = params.get('live');
  const range: TimeRange = {
    from,
    to,
    zone: tz === 'utc' || tz === 'local' ? tz : fallback.zone,
    live: endsNow(to) && (live === '0' ? false : live === '1' ? true : fallback.live),
  };
  return problems.length ? { range, problem: problems.join('; ') } : { range };
}

/** The parameters of an address for a range; what equals the fallback is left out. */
export function timeRangeParams(
  range: TimeRange,
  fallback: TimeRange = defaultTimeRange,
): Record<'from' | 'to' | 'tz' | 'live', string | null> {
  const from = formatTimePoint(range.from);
  const to = formatTimePoint(range.to);
  const usual = from === formatTimePoint(fallback.from) && to === formatTimePoint(fallback.to);
  return {
    from: usual ? null : from,
    to: usual ? null : to,
    tz: range.zone === fallback.zone ? null : range.zone,
    live: !endsNow(range.to) || range.live === fallback.live ? null : range.live ? '1' : '0',
  };
}

/** Whether the range moves with time. */
export function endsNow(to: TimePoint): boolean {
  return to.kind === 'relative' && to.agoMs === 0;
}

function instant(point: TimePoint, nowMs: number): number {
  return point.kind === 'absolute' ? point.atMs : nowMs - point.agoMs;
}

/** The instants of a range at `nowMs`; at least ten seconds apart. */
export function resolveTimeRange(
  range: Pick<TimeRange, 'from' | 'to'>,
  nowMs: number,
): { fromMs: number; toMs: number } {
  const toMs = instant(range.to, nowMs);
  return { fromMs: Math.min(instant(range.from, nowMs), toMs - shortestMs), toMs };
}

/** A range between two instants, as drawn on a chart; never shorter than ten seconds. */
export function absoluteRange(range: TimeRange, fromMs: number, toMs: number): TimeRange {
  const [a, b] = fromMs < toMs ? [fromMs, toMs] : [toMs, fromMs];
  const missing = Math.max(0, shortestMs - (b - a)) / 2;
  return {
    ...range,
    from: { kind: 'absolute', atMs: Math.round(a - missing) },
    to: { kind: 'absolute', atMs: Math.round(b + missing) },
    live: false,
  };
}

/** The range twice as long round the same middle; a range that ends now keeps ending now. */
export function zoomOut(range: TimeRange, nowMs: number): TimeRange {
  const { fromMs, toMs } = resolveTimeRange(range, nowMs);
  const span = Math.min(toMs - fromMs, longestMs / 2);
  if (endsNow(range.to)) return { ...range, from: { kind: 'relative', agoMs: span * 2 } };
  const to = Math.min(toMs + span / 2, nowMs);
  return absoluteRange(range, to - span * 2, to);
}

/** How often the figures of a live range are worth renewing, in milliseconds. */
export function refreshEveryMs(spanMs: number): number {
  if (spanMs <= 15 * unitMs.m) return 5000;
  if (spanMs <= 3 * unitMs.h) return 10_000;
  if (spanMs <= 12 * unitMs.h) return 30_000;
  return 60_000;
}

/** `1 hour`, `90 minutes`: a length in words, in the largest unit that divides it evenly. */
export function spanWords(spanMs: number): string {
  const unit = units.find((u) => u !== 'w' && spanMs % unitMs[u] === 0) ?? 's';
  const count = Math.round(spanMs / unitMs[unit]);
  return `${count} ${words[unit]}${count === 1 ? '' : 's'}`;
}
