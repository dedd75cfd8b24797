export interface HeatmapData {
  /** Milliseconds, ascending: one column each. */
  times: readonly number[];
  /** Upper bounds of the buckets, ascending; the last may be infinite. One row each, the smallest at the bottom. */
  bounds: readonly number[];
  /** `counts[row][column]`: how many (or how many a second) fell into the bucket itself, not into it and those below. */
  counts: readonly (readonly (number | null)[])[];
}

/** Buckets by themselves from Prometheus' cumulative ones; what is missing stays missing, and noise never goes below zero. */
export function fromCumulative(cumulative: readonly (readonly (number | null)[])[]): (number | null)[][] {
  return cumulative.map((row, k) =>
    row.map((value, i) => {
      if (value === null) return null;
      const below = k === 0 ? 0 : (cumulative[k - 1]?.[i] ?? null);
      return below === null ? null : Math.max(0, value - below);
    }),
  );
}

/** Strength of a cell, 0 to 1, on a square root scale: rare slow requests are seen beside many quick ones. */
export function strength(count: number | null, max: number): number {
  if (count === null || count <= 0 || max <= 0) return 0;
  return Math.sqrt(Math.min(1, count / max));
}

/** The largest count. */
export function largest(counts: HeatmapData['counts']): number {
  let max = 0;
  for (const row of counts) for (const value of row) if (value !== null && value > max) max = value;
  return max;
}

/** The rows that hold anything, with one empty one above and below, so that the drawing is not mostly air. */
export function usedRows({ bounds, counts }: Pick<HeatmapData, 'bounds' | 'counts'>): [number, number] {
  const used = bounds.map((_, k) => counts[k]?.some((value) => value !== null && value > 0) ?? false);
  const first = used.indexOf(true);
  if (first === -1) return [0, bounds.length - 1];
  return [Math.max(0, first - 1), Math.min(bounds.length - 1, used.lastIndexOf(true) + 1)];
}
