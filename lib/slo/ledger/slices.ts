import { bucketMs, type Cells, type Counts, cellCount } from './grid.ts';

export interface Slicing {
  sliceMs: number;
  /** A slice is good when its share of good events reaches this; null: it counts with its share itself. */
  target: number | null;
}

const longestSliceMs = 3_600_000;
const shortestSliceMs = 10_000;

/** Why the ledger cannot book slices of this length, or null. */
export function sliceObjection(sliceMs: number): string | null {
  const fits = sliceMs <= bucketMs ? bucketMs % sliceMs === 0 : sliceMs % bucketMs === 0;
  const allowed = fits && sliceMs >= shortestSliceMs && sliceMs <= longestSliceMs;
  return allowed
    ? null
    : 'A time slice must divide five minutes, such as 1m, or be a multiple of them up to an hour, such as 15m.';
}

/** Cells in which the events of a span are counted, so that buckets and slices can be made of them. */
export function cellsFor({ fromMs, toMs }: { fromMs: number; toMs: number }, slicing: Slicing | null): Cells {
  if (!slicing) return { fromMs, toMs, cellMs: bucketMs };
  const { sliceMs } = slicing;
  return { fromMs: Math.floor(fromMs / sliceMs) * sliceMs, toMs, cellMs: Math.min(bucketMs, sliceMs) };
}

/**
 * Turns events of cells into slices, one event each, in the cell in which the slice ends: a slice that is longer than a
 * bucket is booked in its last. A slice without any event is none: idle time is neither good nor bad.
 */
export function slicesOf({ good, total }: Counts, cells: Cells, { sliceMs, target }: Slicing): Counts {
  const cellsPerSlice = Math.max(1, Math.round(sliceMs / cells.cellMs));
  const slices = { good: new Float64Array(total.length), total: new Float64Array(total.length) };
  for (let first = 0; first + cellsPerSlice <= total.length; first += cellsPerSlice) {
    let allGood = 0;
    let all = 0;
    for (let i = first; i < first + cellsPerSlice; i++) {
      allGood += good[i] as number;
      all += total[i] as number;
    }
    if (all <= 0) continue;
    const share = allGood / all;
    const last = first + cellsPerSlice - 1;
    slices.total[last] = 1;
    // The comparison of 999 of 1,000 with 0.999 must not hang on how binary fractions are rounded.
    slices.good[last] = target === null ? share : share >= target - 1e-12 ? 1 : 0;
  }
  return slices;
}

/** Sums cells to the buckets from `fromMs` on; cells before are left out. */
export function toBuckets({ good, total }: Counts, cells: Cells, fromMs: number): Counts {
  const perBucket = Math.round(bucketMs / cells.cellMs);
  const skip = Math.round((fromMs - cells.fromMs) / cells.cellMs);
  const count = Math.round((cells.toMs - fromMs) / bucketMs);
  const buckets = { good: new Float64Array(count), total: new Float64Array(count) };
  for (let i = skip; i < cellCount(cells); i++) {
    const bucket = Math.floor((i - skip) / perBucket);
    buckets.good[bucket]! += good[i] as number;
    buckets.total[bucket]! += total[i] as number;
  }
  return buckets;
}
