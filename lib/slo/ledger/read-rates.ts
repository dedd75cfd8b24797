import type { Prometheus } from '#lib/adapters/prometheus/index.ts';
import type { CompiledIndicator } from '../indicator.ts';
import { bucketMs, type Cells, cellCount } from './grid.ts';
import { settle } from './increase.ts';
import type { Reading, ReadOptions } from './read-counters.ts';

/** How many scrapes fewer than the most of its hour a bucket may have and still be whole: edges fall where they fall. */
const edgeScrapes = 1;
const hourMs = 3_600_000;

/**
 * Counts the events of buckets by the rates that the alerts read, one expression for all series: approximate, because
 * `rate` extrapolates to the edges of a window and loses what falls between two windows. Coverage is by the number of
 * scrapes against the most of the same hour, or, where there are only expressions, whether they had a value.
 */
export async function readRates(
  prometheus: Prometheus,
  compiled: Pick<CompiledIndicator, 'badRate' | 'totalRate' | 'atoms'>,
  cells: Cells,
  { signal }: ReadOptions,
): Promise<Reading> {
  // A window is told by its end.
  const grid = { fromMs: cells.fromMs + bucketMs, toMs: cells.toMs, stepMs: bucketMs };
  const options = signal ? { signal } : {};
  const ask = async (query: string) => {
    const { series } = await prometheus.rangeQuery(query, grid, options);
    return series[0]?.points.map(([, value]) => value) ?? [];
  };
  const totals = compiled.atoms?.filter(({ role, sign }) => role === 'total' && sign === 1) ?? [];
  const window = `${bucketMs / 1_000}s`;
  const scrapeQuery = totals.map(({ selector }) => `max(count_over_time(${selector}[${window}]))`).join(' or ');
  const [totalRates, badRates, scrapes] = await Promise.all([
    ask(compiled.totalRate(bucketMs)),
    ask(compiled.badRate(bucketMs)),
    scrapeQuery === '' ? null : ask(scrapeQuery),
  ]);
  const count = cellCount(cells);
  const [good, total, coverage] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const whole = scrapes ? mostOfHour(scrapes, cells.fromMs) : null;
  for (let i = 0; i < count; i++) {
    const [all, bad] = [totalRates[i], badRates[i]];
    if (!isNumber(all) || !isNumber(bad)) continue;
    const events = Math.max(0, all * (bucketMs / 1_000));
    total[i] = events;
    good[i] = events - Math.min(events, Math.max(0, bad * (bucketMs / 1_000)));
    coverage[i] = whole ? Math.min(1, ((scrapes?.[i] ?? 0) + edgeScrapes) / (whole[i] as number)) : 1;
  }
  settle(good, total);
  return { good, total, coverage, approximate: true, problem: null };
}

const isNumber = (value: number | null | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value);

/** For each bucket the most scrapes that a bucket of its hour had. */
function mostOfHour(scrapes: readonly (number | null)[], fromMs: number): number[] {
  const most = new Map<number, number>();
  const hourOf = (index: number) => Math.floor((fromMs + index * bucketMs) / hourMs);
  for (const [index, count] of scrapes.entries()) {
    most.set(hourOf(index), Math.max(most.get(hourOf(index)) ?? 1, count ?? 0));
  }
  return scrapes.map((_, index) => most.get(hourOf(index)) ?? 1);
}

/** How many series and samples counters have in the time before an instant, without reading them here. */
export async function sizeOf(
  prometheus: Prometheus,
  selectors: readonly string[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
  signal?: AbortSignal,
): Promise<{ series: number; samples: number }> {
  const range = `${Math.ceil((toMs - fromMs) / 1_000)}s`;
  const arms = [...new Set(selectors)].flatMap((selector, index) => [
    `label_replace(count(last_over_time(${selector}[${range}])), "of", "series ${index}", "", "")`,
    `label_replace(sum(count_over_time(${selector}[${range}])), "of", "samples ${index}", "", "")`,
  ]);
  const { series } = await prometheus.instantQuery(arms.join(' or '), { atMs: toMs, ...(signal ? { signal } : {}) });
  const sum = (what: string) =>
    series
      .filter(({ labels }) => labels.of?.startsWith(what))
      .reduce((all, { points }) => all + (points[0]?.[1] ?? 0), 0);
  return { series: sum('series'), samples: sum('samples') };
}
