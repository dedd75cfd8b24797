/** Lengths of buckets that people read easily, in milliseconds. */
const steps = [
  100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000,
  3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000,
];
const dayMs = 86_400_000;

export interface BucketGrid {
  stepMs: number;
  /** Start of the first bucket, a multiple of the step since 1970. */
  fromMs: number;
  count: number;
}

/** Whole buckets that cover a range: at most `buckets + 1` of them, each of a round length. */
export function bucketGrid({ fromNs, toNs }: { fromNs: bigint; toNs: bigint }, buckets: number): BucketGrid {
  const startMs = Number(fromNs / 1_000_000n);
  const endMs = Number((toNs + 999_999n) / 1_000_000n);
  const least = Math.max(1, endMs - startMs) / Math.max(1, buckets);
  const stepMs = steps.find((step) => step >= least) ?? Math.ceil(least / dayMs) * dayMs;
  const fromMs = Math.floor(startMs / stepMs) * stepMs;
  return { stepMs, fromMs, count: Math.max(1, Math.ceil((endMs - fromMs) / stepMs)) };
}
