import type { FieldError } from '#lib/core/errors.ts';

const dayMs = 86_400_000;
export const longestExclusionDays = 31;
const furthestAheadDays = 366;
const usuallyKeptMs = 100 * dayMs;

export interface ProposedExclusion {
  kind: 'maintenance' | 'measurement_error';
  fromMs: number;
  toMs: number;
  announcedAtMs: number | null;
  nowMs: number;
  /** Where the ledger of the SLO begins; null: nowhere yet. */
  ledgerFromMs: number | null;
  /** How long buckets of five minutes are kept: time before cannot be taken out to the minute. */
  keptMs?: number;
}

/**
 * What keeps time from being excluded, by field. Maintenance must have been announced before it began; a measurement
 * error is over when it is proposed; nothing is excluded that was never counted.
 */
export function exclusionProblems(proposed: ProposedExclusion): FieldError[] {
  const { kind, fromMs, toMs, announcedAtMs, nowMs, ledgerFromMs, keptMs = usuallyKeptMs } = proposed;
  const problems: FieldError[] = [];
  const problem = (path: string, code: string, message: string) => problems.push({ path, code, message });
  if (toMs <= fromMs) problem('to', 'order', 'must be after from');
  if (toMs - fromMs > longestExclusionDays * dayMs) {
    problem('to', 'too_long', `must be at most ${longestExclusionDays} days after from`);
  }
  if (fromMs < nowMs - keptMs) {
    const why = 'time before is kept by the hour only';
    problem('from', 'too_old', `must be within the last ${Math.floor(keptMs / dayMs)} days: ${why}`);
  } else if (ledgerFromMs !== null && toMs <= ledgerFromMs) {
    const begins = new Date(ledgerFromMs).toISOString();
    problem('to', 'before_ledger', `must be after ${begins}, where counting begins: nothing before it counts anyway`);
  }
  if (toMs > nowMs + furthestAheadDays * dayMs) {
    problem('to', 'too_far', `must be within the next ${furthestAheadDays} days`);
  }
  if (kind === 'measurement_error' && toMs > nowMs) {
    problem('to', 'not_over', 'must not be in the future: a measurement error is known when it is over');
  }
  if (kind === 'maintenance') {
    if (announcedAtMs === null) {
      problem('announcedAt', 'required', 'is missing: only maintenance that was announced before it began is excluded');
    } else if (announcedAtMs >= fromMs) {
      problem('announcedAt', 'too_late', 'must be before from: maintenance counts unless it was announced before');
    } else if (announcedAtMs > nowMs) {
      problem('announcedAt', 'not_yet', 'must not be in the future: announce it first');
    }
  }
  return problems;
}
