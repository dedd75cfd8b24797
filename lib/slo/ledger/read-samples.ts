import type { Prometheus } from '#lib/adapters/prometheus/index.ts';
import type { SampleQuery } from '../indicator.ts';
import { type Cells, cellCount } from './grid.ts';
import { settle } from './increase.ts';
import type { Reading, ReadOptions } from './read-counters.ts';

/**
 * Counts samples of a gauge, a raw ratio or a threshold: the expression is looked at every `stepMs`, each look at each
 * series is one event. Coverage is the share of looks that found anything.
 */
export async function readSamples(
  prometheus: Prometheus,
  { good: goodQuery, total: totalQuery, stepMs }: SampleQuery,
  cells: Cells,
  { nowMs, signal }: ReadOptions,
): Promise<Reading> {
  const toMs = Math.min(cells.toMs - stepMs, Math.floor(nowMs / stepMs) * stepMs);
  const grid = { fromMs: cells.fromMs, toMs: Math.max(cells.fromMs, toMs), stepMs };
  const ask = async (query: string) => {
    const { series } = await prometheus.rangeQuery(query, grid, signal ? { signal } : {});
    return series[0]?.points ?? [];
  };
  const [totals, goods] = await Promise.all([ask(totalQuery), ask(goodQuery)]);
  const count = cellCount(cells);
  const [good, total, coverage] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (const [index, [atMs, events]] of totals.entries()) {
    if (events === null || !Number.isFinite(events)) continue;
    const cell = Math.floor((atMs - cells.fromMs) / cells.cellMs);
    if (cell >= count) continue;
    total[cell]! += events;
    good[cell]! += goods[index]?.[1] ?? 0;
    coverage[cell]! += stepMs / cells.cellMs;
  }
  settle(good, total);
  return { good, total, coverage: coverage.map((share) => Math.min(1, share)), approximate: false, problem: null };
}
