import type { GapPolicy, WindowFigures } from './schemas.ts';
import { bucketMs } from './window-rules.ts';

/** What buckets of a stretch of time add up to. */
export interface Sums {
  good: number;
  total: number;
  /** How much of the time is known, in ms. */
  knownMs: number;
  approximate: boolean;
}

export const noSums: Sums = { good: 0, total: 0, knownMs: 0, approximate: false };

export const addSums = (a: Sums, b: Sums): Sums => ({
  good: a.good + b.good,
  total: a.total + b.total,
  knownMs: a.knownMs + b.knownMs,
  approximate: a.approximate || b.approximate,
});

export interface FiguresInput {
  sums: Sums;
  fromMs: number;
  /** End of the last bucket. */
  untilMs: number;
  endsMs: number;
  /** Where the ledger begins: time before was never measured and is no gap. */
  ledgerFromMs: number | null;
  target: number;
  gapPolicy: GapPolicy;
  /** What approved exclusions take out. */
  excluded?: Sums & { lengthMs: number };
}

/**
 * SLI and budget of a window by events: `sli = good / total`, `allowedBad = (1 - target) × total`,
 * `budgetLeft = 1 - bad / allowedBad` (below 0 once overspent; null without events).
 * Unknown time since the ledger began counts as the gap policy says: as good or bad events at the traffic of the known
 * time, or not at all. `coverage` is of the whole window so far, whatever the policy.
 */
export function figuresOf(input: FiguresInput): WindowFigures {
  const { fromMs, untilMs, endsMs, target, excluded } = input;
  const excludedMs = excluded?.lengthMs ?? 0;
  const good = Math.max(0, input.sums.good - (excluded?.good ?? 0));
  const total = Math.max(good, input.sums.total - (excluded?.total ?? 0));
  const knownMs = Math.max(0, input.sums.knownMs - (excluded?.knownMs ?? 0));
  const lengthMs = Math.max(0, untilMs - fromMs - excludedMs);
  const measuredMs = Math.max(0, untilMs - Math.max(fromMs, input.ledgerFromMs ?? fromMs) - excludedMs);
  const gap = gapEvents(input.gapPolicy, { good, total, knownMs, gapMs: Math.max(0, measuredMs - knownMs) });
  const allGood = good + gap.good;
  const all = total + gap.good + gap.bad;
  const bad = all - allGood;
  const allowedBad = (1 - target) * all;
  return {
    from: new Date(fromMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    endsAt: new Date(endsMs).toISOString(),
    good: allGood,
    bad,
    total: all,
    sli: all > 0 ? allGood / all : null,
    allowedBad,
    budgetLeft: all > 0 ? 1 - bad / allowedBad : null,
    coverage: lengthMs > 0 ? Math.min(1, knownMs / lengthMs) : 0,
    approximate: input.sums.approximate,
  };
}

/** Less known time than a bucket says nothing of the usual traffic. */
const leastKnownMs = bucketMs;

function gapEvents(
  policy: GapPolicy,
  { total, knownMs, gapMs }: { good: number; total: number; knownMs: number; gapMs: number },
): { good: number; bad: number } {
  if (policy === 'unknown' || knownMs < leastKnownMs || gapMs <= 0) return { good: 0, bad: 0 };
  const events = (total / knownMs) * gapMs;
  return policy === 'good' ? { good: events, bad: 0 } : { good: 0, bad: events };
}

/** How many times faster than the pace that spends the budget exactly; null without events. */
export function burnOf(bad: number, total: number, target: number): number | null {
  return total > 0 ? bad / total / (1 - target) : null;
}

export interface Interval {
  fromMs: number;
  toMs: number;
}

/**
 * Intervals widened to the buckets that they touch, clipped to a window, those that meet made one: no bucket is taken
 * out twice.
 */
export function touchedBuckets(intervals: readonly Interval[], within: Interval, bucketMs: number): Interval[] {
  const clipped = intervals
    .map(({ fromMs, toMs }) => ({
      fromMs: Math.max(within.fromMs, Math.floor(fromMs / bucketMs) * bucketMs),
      toMs: Math.min(within.toMs, Math.ceil(toMs / bucketMs) * bucketMs),
    }))
    .filter(({ fromMs, toMs }) => toMs > fromMs)
    .sort((a, b) => a.fromMs - b.fromMs);
  const merged: Interval[] = [];
  for (const interval of clipped) {
    const last = merged.at(-1);
    if (last && interval.fromMs <= last.toMs) last.toMs = Math.max(last.toMs, interval.toMs);
    else merged.push({ ...interval });
  }
  return merged;
}
