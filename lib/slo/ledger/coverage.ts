import { bucketMs, type Cells, cellCount, type RawSample } from './grid.ts';

const hourMs = 3_600_000;
/** One lost scrape is no gap, two in a row are. */
const gapFactor = 2.5;
const leastSpacings = 3;

interface Run {
  fromMs: number;
  toMs: number;
}

/**
 * The share of each bucket, 0 to 1, in which the total was being scraped: a sample stands for the time since the sample
 * before it of the same series, or, where that is more than two and a half times the usual distance away or there is
 * none, for the usual distance. What any one series of the total covers is covered; a counter that stands still is.
 * The usual distance is the median of the series in the same hour.
 *
 * `series` should begin some scrapes before the cells and go on one scrape after them, where there is one yet.
 */
export function coverageOf(
  series: readonly (readonly RawSample[])[],
  cells: Cells,
  scrapeIntervalMs: number,
): Float64Array {
  const covered = new Float64Array(cellCount(cells));
  for (const run of union(series.flatMap((samples) => runsOf(samples, scrapeIntervalMs)))) {
    const toMs = Math.min(run.toMs, cells.toMs);
    let atMs = Math.max(run.fromMs, cells.fromMs);
    while (atMs < toMs) {
      const index = Math.floor((atMs - cells.fromMs) / cells.cellMs);
      const endMs = Math.min(toMs, cells.fromMs + (index + 1) * cells.cellMs);
      covered[index]! += endMs - atMs;
      atMs = endMs;
    }
  }
  return covered.map((ms) => Math.min(1, ms / cells.cellMs));
}

function runsOf(samples: readonly RawSample[], scrapeIntervalMs: number): Run[] {
  const usual = usualSpacing(samples, scrapeIntervalMs);
  const runs: Run[] = [];
  let last: Run | undefined;
  for (const [atMs] of samples) {
    // The first sample of an hour is as far away as those of the hour before are.
    const spacing = last ? Math.max(usual(atMs), usual(last.toMs)) : usual(atMs);
    if (last && atMs - last.toMs <= gapFactor * spacing) {
      last.toMs = atMs;
      continue;
    }
    last = { fromMs: atMs - usual(atMs), toMs: atMs };
    runs.push(last);
  }
  return runs;
}

/** The median distance of samples by hour; that of the whole series where an hour has too few. */
function usualSpacing(samples: readonly RawSample[], scrapeIntervalMs: number): (atMs: number) => number {
  const byHour = new Map<number, number[]>();
  const all: number[] = [];
  for (let i = 1; i < samples.length; i++) {
    const atMs = samples[i]![0];
    const distance = atMs - samples[i - 1]![0];
    const hour = Math.floor(atMs / hourMs);
    const found = byHour.get(hour);
    if (found) found.push(distance);
    else byHour.set(hour, [distance]);
    all.push(distance);
  }
  const overall = all.length > 0 ? Math.min(median(all), bucketMs) : scrapeIntervalMs;
  const hours = new Map<number, number>();
  for (const [hour, distances] of byHour) {
    if (distances.length >= leastSpacings) hours.set(hour, Math.min(median(distances), bucketMs));
  }
  return (atMs) => hours.get(Math.floor(atMs / hourMs)) ?? overall;
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] as number;
}

function union(runs: Run[]): Run[] {
  const merged: Run[] = [];
  for (const run of runs.sort((a, b) => a.fromMs - b.fromMs)) {
    const last = merged.at(-1);
    if (last && run.fromMs <= last.toMs) last.toMs = Math.max(last.toMs, run.toMs);
    else merged.push({ ...run });
  }
  return merged;
}
