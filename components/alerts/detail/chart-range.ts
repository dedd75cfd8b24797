import type { Alert } from '#lib/alerts/schemas.ts';

const hour = 3_600_000;
const leadMs = hour / 2;
const longest = 7 * 24 * hour;

/**
 * The time that is worth a look where the address names none: from half an hour before it began to now, or to half
 * an hour after its end; an hour at least, a week at most. The ends are on whole minutes, so that it is asked once
 * a minute for something new.
 */
export function rangeOf(
  { startsAt, resolvedAt }: Pick<Alert, 'startsAt' | 'resolvedAt'>,
  nowMs: number,
): { fromMs: number; toMs: number } {
  const startMs = Date.parse(startsAt);
  const endMs = resolvedAt === null ? nowMs : Math.min(nowMs, Date.parse(resolvedAt) + leadMs);
  const toMs = Math.ceil(endMs / 60_000) * 60_000;
  const fromMs = Math.max(toMs - longest, Math.min(startMs - leadMs, toMs - hour));
  return { fromMs: Math.floor(fromMs / 60_000) * 60_000, toMs };
}
