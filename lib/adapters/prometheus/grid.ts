import type { Grid, Point } from './port.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Steps that people can read off an axis. */
export const niceStepsMs = [
  second,
  2 * second,
  5 * second,
  10 * second,
  15 * second,
  20 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  20 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
  24 * hour,
  48 * hour,
  7 * 24 * hour,
];

/** What Prometheus answers at most per series. */
export const maxPoints = 11_000;
const pixelsPerPoint = 2;

/**
 * The step of a chart in milliseconds: the shortest readable one that draws no more than one point per two pixels
 * and is not shorter than the scrape interval.
 */
export function stepFor({
  fromMs,
  toMs,
  widthPx,
  scrapeIntervalMs,
}: {
  fromMs: number;
  toMs: number;
  widthPx: number;
  scrapeIntervalMs: number;
}): number {
  const points = Math.min(2_000, Math.max(10, Math.floor(widthPx / pixelsPerPoint)));
  const least = Math.max((toMs - fromMs) / points, scrapeIntervalMs, second);
  const nice = niceStepsMs.find((step) => step >= least);
  const day = 24 * hour;
  return nice ?? Math.ceil(least / day) * day;
}

/** The grid of a chart: both ends rounded down to the step, so that all who look at once ask the same. */
export function gridFor(range: { fromMs: number; toMs: number; widthPx: number; scrapeIntervalMs: number }): Grid {
  return alignGrid({ fromMs: range.fromMs, toMs: range.toMs, stepMs: stepFor(range) });
}

export function alignGrid({ fromMs, toMs, stepMs }: Grid): Grid {
  const down = (ms: number) => Math.floor(ms / stepMs) * stepMs;
  return { fromMs: down(fromMs), toMs: Math.max(down(toMs), down(fromMs)), stepMs };
}

export function pointCount({ fromMs, toMs, stepMs }: Grid): number {
  return Math.floor((toMs - fromMs) / stepMs) + 1;
}

/** Puts samples onto the grid; steps without a sample get `null`, so that a gap stays a gap. */
export function fillGrid(samples: readonly (readonly [number, number])[], grid: Grid): Point[] {
  const count = pointCount(grid);
  const points: [number, number | null][] = new Array(count);
  for (let i = 0; i < count; i++) points[i] = [grid.fromMs + i * grid.stepMs, null];
  for (const [atMs, value] of samples) {
    const point = points[Math.round((atMs - grid.fromMs) / grid.stepMs)];
    if (point) point[1] = value;
  }
  return points;
}

/**
 * The window of `rate()` in milliseconds: four scrapes at least, so that one lost scrape does not tear a hole, and
 * one step and a scrape, so that no sample between two points is left out.
 */
export function rateWindowMs(scrapeIntervalMs: number, stepMs = 0, leastMs = minute): number {
  return Math.max(4 * scrapeIntervalMs, stepMs + scrapeIntervalMs, leastMs);
}
