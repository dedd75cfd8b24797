import type { Matcher } from './matchers.ts';
import { formatMatchers } from './matchers.ts';

const hour = 3_600_000;

/** How long a silence lasts, from its start. */
export const durations = [
  { id: '30m', label: '30 minutes', ms: hour / 2 },
  { id: '1h', label: '1 hour', ms: hour },
  { id: '2h', label: '2 hours', ms: 2 * hour },
  { id: '4h', label: '4 hours', ms: 4 * hour },
  { id: '8h', label: '8 hours', ms: 8 * hour },
  { id: '1d', label: '1 day', ms: 24 * hour },
  { id: '3d', label: '3 days', ms: 72 * hour },
  { id: '7d', label: '7 days', ms: 168 * hour },
] as const;

export type DurationId = (typeof durations)[number]['id'];

export interface SilenceTimes {
  /** As `datetime-local` gives it; empty for now. */
  start: string;
  duration: DurationId | 'until';
  /** As `datetime-local` gives it, for `until`. */
  end: string;
}

/** When the silence begins and ends, RFC 3339; undefined where what was typed is no time. */
export function silenceTimes(
  { start, duration, end }: SilenceTimes,
  nowMs: number,
): { startsAt: string | undefined; endsAt: string | undefined } {
  const startMs = start === '' ? nowMs : Date.parse(start);
  const length = durations.find(({ id }) => id === duration)?.ms;
  const endMs = length === undefined ? Date.parse(end) : startMs + length;
  return { startsAt: start === '' ? undefined : instant(startMs), endsAt: instant(endMs) };
}

const instant = (ms: number) => (Number.isFinite(ms) ? new Date(ms).toISOString() : undefined);

const shell = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** The same without us: what to type where Alertmanager is reached. */
export function amtoolCommand(
  url: string | undefined,
  matchers: readonly Matcher[],
  { startsAt, endsAt }: { startsAt?: string; endsAt?: string },
  reason: string,
): string {
  return [
    'amtool silence add',
    ...(url ? [`--alertmanager.url=${shell(url)}`] : []),
    ...(startsAt ? [`--start=${shell(startsAt)}`] : []),
    ...(endsAt ? [`--end=${shell(endsAt)}`] : []),
    `--comment=${shell(reason || 'why')}`,
    ...matchers.map((one) => shell(formatMatchers([one]))),
  ].join(' ');
}
