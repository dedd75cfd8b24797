import type { Labels, Prometheus, Series } from '#lib/adapters/prometheus/index.ts';
import { isNewborn, lookBackMs } from './births.ts';
import type { RawSample, Span } from './grid.ts';
import type { CounterSeries } from './increase.ts';
import { type Target, type TargetEvidence, targetEvidence, targetKey, targetOf } from './targets.ts';

/** A counter of an indicator, on its way to being counted. */
export interface Counter extends CounterSeries {
  labels: Labels;
  target: Target | null;
  before: number | null;
  newborn: boolean;
}

export interface Look {
  prometheus: Prometheus;
  signal?: AbortSignal;
}

const farMs = 86_400_000;
const sharedMs = 10_000;
const never = Number.POSITIVE_INFINITY;

export function toCounter({ labels, points }: Series): Counter {
  const samples = (points as RawSample[]).filter(([, value]) => Number.isFinite(value));
  return { labels, target: targetOf(labels), samples, before: null, newborn: false };
}

/**
 * Finds out what stood before the first sample of each counter that shows up within the cells: its last value up to an
 * hour before `readFromMs`; else, unless its target was scraped without it, up to a day before; else whether it was
 * born just then (`isNewborn`). Counters are given by selector, and changed.
 */
export async function findPredecessors(
  bySelector: ReadonlyMap<string, Counter[]>,
  cells: Span,
  readFromMs: number,
  look: Look,
): Promise<void> {
  const all = [...bySelector.values()].flat();
  const orphans = () => all.filter((counter) => isOrphan(counter, cells));
  if (orphans().length === 0) return;
  await lookBack(bySelector, cells, { atMs: readFromMs, lengthMs: lookBackMs }, look);
  const left = orphans();
  if (left.length === 0) return;
  const span = { fromMs: readFromMs, toMs: cells.toMs };
  const targets = left.flatMap(({ target }) => target ?? []);
  const evidence = await targetEvidence(look.prometheus, targets, span, look.signal);
  const { scrapeIntervalMs } = look.prometheus.source;
  const unknown = { processStartMs: null, seenMs: null, intervalMs: scrapeIntervalMs };
  for (const counter of left) {
    const targetSeenMs = targetSeen(counter, all, evidence);
    counter.newborn = isNewborn(bornAt(counter), { ...unknown, targetSeenMs });
  }
  if (orphans().length === 0) return;
  await lookBack(bySelector, cells, { atMs: readFromMs, lengthMs: farMs }, look);
  const seenMs = Math.min(...all.map(seenAt));
  for (const counter of orphans()) {
    const processStartMs = counter.target ? (evidence.get(targetKey(counter.target))?.processStartMs ?? null) : null;
    counter.newborn = isNewborn(bornAt(counter), {
      targetSeenMs: targetSeen(counter, all, evidence),
      processStartMs,
      seenMs: seenMs === never ? null : seenMs,
      intervalMs: scrapeIntervalMs,
    });
  }
}

/** Whether its first sample counts for something and nothing is known of what was before. */
function isOrphan({ samples: [first], before, newborn }: Counter, { fromMs, toMs }: Span): boolean {
  return first !== undefined && before === null && !newborn && first[1] > 0 && first[0] >= fromMs && first[0] < toMs;
}

const bornAt = ({ samples }: Counter): number => samples[0]?.[0] ?? never;

/** When a counter was first seen, as far as is known. */
const seenAt = (counter: Counter): number => (counter.before === null ? bornAt(counter) : Number.NEGATIVE_INFINITY);

function targetSeen(
  { target }: Counter,
  all: readonly Counter[],
  evidence: ReadonlyMap<string, TargetEvidence>,
): number | null {
  if (!target) return null;
  const key = targetKey(target);
  let seenMs = evidence.get(key)?.upSinceMs ?? never;
  for (const other of all) {
    if (other.target && targetKey(other.target) === key) seenMs = Math.min(seenMs, seenAt(other));
  }
  return seenMs === never ? null : seenMs;
}

/** Asks for the last value before an instant of every counter that lacks one. */
async function lookBack(
  bySelector: ReadonlyMap<string, Counter[]>,
  cells: Span,
  { atMs, lengthMs }: { atMs: number; lengthMs: number },
  { prometheus, signal }: Look,
): Promise<void> {
  for (const [selector, counters] of bySelector) {
    const orphans = counters.filter((counter) => isOrphan(counter, cells));
    if (orphans.length === 0) continue;
    const query = `last_over_time(${selector}[${lengthMs / 1_000}s])`;
    const { series } = await prometheus.instantQuery(query, { atMs, ttlMs: sharedMs, ...(signal ? { signal } : {}) });
    // Some engines leave the name away in the answer of a function.
    const isNamed = series.some(({ labels }) => labels.__name__ !== undefined);
    const values = new Map(series.map(({ labels, points }) => [seriesKey(labels, isNamed), points[0]?.[1] ?? null]));
    for (const orphan of orphans) orphan.before = values.get(seriesKey(orphan.labels, isNamed)) ?? null;
  }
}

function seriesKey(labels: Labels, withName: boolean): string {
  const pairs = Object.entries(labels).filter(([label]) => withName || label !== '__name__');
  return JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}
