/** Upper bounds of the histograms of what is derived from spans, in seconds: 2 ms to 16 s, each twice the one before. */
export const bounds: readonly number[] = Array.from({ length: 14 }, (_, power) => 0.002 * 2 ** power);

/** Durations counted by bound; the last bucket is for what is above all bounds. Buckets are not cumulative. */
export interface Durations {
  buckets: number[];
  /** Seconds. */
  sum: number;
}

/** Spans or requests with the same labels. */
export interface Tally {
  labels: string[];
  failed: number;
  durations: Durations;
}

export function emptyDurations(): Durations {
  return { buckets: new Array(bounds.length + 1).fill(0), sum: 0 };
}

export function addDuration(durations: Durations, seconds: number): void {
  let bucket = 0;
  while (bucket < bounds.length && seconds > (bounds[bucket] as number)) bucket += 1;
  durations.buckets[bucket] = (durations.buckets[bucket] ?? 0) + 1;
  durations.sum += seconds;
}

export function addDurations(to: Durations, from: Durations): void {
  for (const [index, count] of from.buckets.entries()) to.buckets[index] = (to.buckets[index] ?? 0) + count;
  to.sum += from.sum;
}

export function countOf({ buckets }: Durations): number {
  return buckets.reduce((sum, count) => sum + count, 0);
}

/** Tallies of one request by their labels. */
export function tallies() {
  const byLabels = new Map<string, Tally>();
  return {
    add(labels: string[], seconds: number, failed: boolean): void {
      const key = labels.join('\0');
      let tally = byLabels.get(key);
      if (!tally) {
        tally = { labels, failed: 0, durations: emptyDurations() };
        byLabels.set(key, tally);
      }
      if (failed) tally.failed += 1;
      addDuration(tally.durations, seconds);
    },
    build: (): Tally[] => [...byLabels.values()],
  };
}
