import { bucketMs, floorTo, type Span } from './grid.ts';

/** So long after its end a bucket is read at the earliest, for the scrapes that tell its last part. */
const leastDelayMs = 30_000;
const firstReadMs = 12 * bucketMs;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Ages in buckets at which one that is not whole is read again: further apart the older it is. */
const partialAges = [4, 16, 64, 256];
/** A hole is looked into for longer: a store may be filled up weeks later. */
const holeAges = [...partialAges, 1_024, 4_096];
/** Below this a bucket is not whole. */
const whole = 0.999;

/** Up to where buckets can be read: the end of the last one that is over for long enough. */
export function readableUntil(nowMs: number, scrapeIntervalMs: number): number {
  return floorTo(nowMs - Math.max(leastDelayMs, 2 * scrapeIntervalMs), bucketMs);
}

/**
 * What is to be read next at the end of a ledger that reaches `untilMs`: the buckets since, and the last one again, for
 * samples that came late. A long absence is caught up with in parts. Null where nothing is new.
 */
export function nextSpan(untilMs: number | null, readableMs: number): Span | null {
  if (untilMs === null) return { fromMs: readableMs - firstReadMs, toMs: readableMs };
  if (untilMs >= readableMs) return null;
  const partMs = readableMs - untilMs > dayMs ? 6 * hourMs : hourMs;
  return { fromMs: untilMs - bucketMs, toMs: Math.min(readableMs, untilMs + partMs) };
}

/**
 * Buckets that come to an age at which they are looked at again while the ledger goes on from `beforeMs` to `afterMs`;
 * by their starts.
 */
export function dueAgain(beforeMs: number, afterMs: number): number[] {
  const due = new Set<number>();
  for (const age of holeAges) {
    for (let endMs = beforeMs; endMs < afterMs; endMs += bucketMs) due.add(endMs - age * bucketMs);
  }
  return [...due].sort((a, b) => a - b);
}

/** Whether a bucket is worth reading again; `coverage` is null where there is none. */
export function isWorthAgain(startMs: number, coverage: number | null, afterMs: number): boolean {
  if (coverage === null || coverage === 0) return true;
  const longest = partialAges.at(-1) as number;
  return coverage < whole && afterMs - startMs <= (longest + 1) * bucketMs;
}

/** Joins buckets that follow each other, so that they are read at once; an hour at most. */
export function spansOf(startsMs: readonly number[]): Span[] {
  const spans: Span[] = [];
  for (const startMs of startsMs) {
    const last = spans.at(-1);
    if (last && last.toMs === startMs && startMs - last.fromMs < hourMs) last.toMs += bucketMs;
    else spans.push({ fromMs: startMs, toMs: startMs + bucketMs });
  }
  return spans;
}

/** The part of the past that is backfilled next: newest first, a day at most, from midnight (UTC) on. */
export function nextPart(untilMs: number, earliestMs: number): Span | null {
  const fromMs = Math.max(floorTo(earliestMs, bucketMs), floorTo(untilMs - 1, dayMs));
  return fromMs < untilMs ? { fromMs, toMs: untilMs } : null;
}
