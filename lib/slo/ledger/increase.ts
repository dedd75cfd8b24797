import { type Cells, cellCount, type RawSample } from './grid.ts';

/** One counter as it was scraped. */
export interface CounterSeries {
  /** By time; those before the cells only serve as predecessors. */
  samples: readonly RawSample[];
  /** The value of the last sample before `samples`; null where none is known. */
  before: number | null;
  /** The counter was born with its first sample here, whose value then counts in full; see `isNewborn`. */
  newborn: boolean;
}

/**
 * Events of each cell, from differences of raw samples: the events between two samples of a series belong to the cell
 * that holds the later one, however far apart the two are. A value that falls is a counter that began again, and
 * counts in full. Whole numbers stay whole numbers.
 *
 * Unlike `increase()`, nothing is extrapolated to the edges of a window, and the sum over cells is the sum over time.
 */
export function increases(series: readonly CounterSeries[], cells: Cells): Float64Array {
  const { fromMs, toMs, cellMs } = cells;
  const events = new Float64Array(cellCount(cells));
  for (const { samples, before, newborn } of series) {
    let previous = before ?? (newborn ? 0 : Number.NaN);
    for (const [atMs, value] of samples) {
      if (!Number.isFinite(value)) continue;
      if (atMs >= toMs) break;
      const born = value < previous ? value : value - previous;
      if (atMs >= fromMs && born > 0) events[Math.floor((atMs - fromMs) / cellMs)]! += born;
      previous = value;
    }
  }
  return events;
}

/** What is good of a total, each at least 0 and good at most total; noise of binary fractions is taken away. */
export function settle(good: Float64Array, total: Float64Array): void {
  for (let i = 0; i < total.length; i++) {
    const all = clean(Math.max(0, total[i] as number));
    const fine = clean(Math.max(0, good[i] as number));
    total[i] = all;
    good[i] = Math.min(fine, all);
  }
}

/** A whole number where only the noise of adding fractions keeps it from being one. */
function clean(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) <= 1e-9 * Math.max(1, Math.abs(value)) ? whole : value;
}
