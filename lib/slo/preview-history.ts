import { alignGrid, type Grid, type Prometheus, pointCount, rateWindowMs } from '#lib/adapters/prometheus/index.ts';
import type { LedgerColumns } from './history-rules.ts';
import type { CompiledIndicator } from './indicator.ts';
import type { ReplayColumns } from './replay-rules.ts';
import { bucketMs, minuteMs } from './window-rules.ts';

/** Points per question: Prometheus answers 11,000 at most. */
const mostPoints = 10_000;

interface Ask {
  prometheus: Prometheus;
  indicator: CompiledIndicator;
  signal: AbortSignal;
}

interface Rates {
  bad: Float64Array;
  total: Float64Array;
}

/** Events per second over a window at each point of a grid; NaN where one of the two is unknown. */
async function ratesOn(grid: Grid, windowMs: number, { prometheus, indicator, signal }: Ask): Promise<Rates> {
  const count = pointCount(grid);
  const rates: Rates = {
    bad: new Float64Array(count).fill(Number.NaN),
    total: new Float64Array(count).fill(Number.NaN),
  };
  for (let from = 0; from < count; from += mostPoints) {
    const fromMs = grid.fromMs + from * grid.stepMs;
    const part = { fromMs, toMs: Math.min(grid.toMs, fromMs + (mostPoints - 1) * grid.stepMs), stepMs: grid.stepMs };
    const ask = (query: string) => prometheus.rangeQuery(query, part, { signal, ttlMs: 0 });
    const answers = await Promise.all([ask(indicator.badRate(windowMs)), ask(indicator.totalRate(windowMs))]);
    for (const [which, { series }] of [
      [rates.bad, answers[0]],
      [rates.total, answers[1]],
    ] as const) {
      for (const [index, [, value]] of (series[0]?.points ?? []).entries()) which[from + index] = value ?? Number.NaN;
    }
  }
  for (let index = 0; index < count; index++) {
    const [bad, total] = [rates.bad[index] as number, rates.total[index] as number];
    if (Number.isFinite(bad) && Number.isFinite(total)) continue;
    rates.bad[index] = Number.NaN;
    rates.total[index] = Number.NaN;
  }
  return rates;
}

/** Buckets of five minutes as the ledger would have them, but from `rate()`: approximate for short bursts. */
export async function previewBuckets(span: { fromMs: number; toMs: number }, ask: Ask): Promise<LedgerColumns> {
  const grid = alignGrid({ fromMs: span.fromMs + bucketMs, toMs: span.toMs, stepMs: bucketMs });
  const { bad, total } = await ratesOn(grid, bucketMs, ask);
  const seconds = bucketMs / 1_000;
  const known = [...total.keys()].filter((index) => !Number.isNaN(total[index]));
  const at = (values: Float64Array, index: number) => Math.max(0, (values[index] as number) * seconds);
  return {
    unitMs: bucketMs,
    startMs: known.map((index) => grid.fromMs + index * bucketMs - bucketMs),
    good: known.map((index) => Math.max(0, at(total, index) - at(bad, index))),
    total: known.map((index) => at(total, index)),
    coverage: known.map(() => 1),
  };
}

/**
 * Events minute by minute. Where scrapes are too far apart for a rate over a minute, as in thinned-out history, that of
 * five minutes stands in: bursts are then seen up to five minutes later, and as long.
 */
export async function previewMinutes(span: { fromMs: number; toMs: number }, ask: Ask): Promise<ReplayColumns> {
  const grid = alignGrid({ ...span, stepMs: minuteMs });
  const fineMs = rateWindowMs(ask.prometheus.source.scrapeIntervalMs);
  const [fine, coarse] = await Promise.all([
    fineMs < bucketMs ? ratesOn(grid, fineMs, ask) : null,
    ratesOn(grid, bucketMs, ask),
  ]);
  const pick = (which: 'bad' | 'total') =>
    coarse[which].map((value, index) => {
      const rate = fine && !Number.isNaN(fine[which][index]) ? (fine[which][index] as number) : value;
      return Math.max(0, rate) * (minuteMs / 1_000);
    });
  return { fromMs: grid.fromMs - minuteMs, stepMs: minuteMs, bad: pick('bad'), total: pick('total') };
}

/** The buckets as columns to replay, where minutes would cost too much. */
export function asReplay({ unitMs, startMs, good, total }: LedgerColumns): ReplayColumns {
  const fromMs = startMs[0] ?? 0;
  const count = startMs.length === 0 ? 0 : Math.round(((startMs.at(-1) ?? 0) - fromMs) / unitMs) + 1;
  const columns = { bad: new Float64Array(count).fill(Number.NaN), total: new Float64Array(count).fill(Number.NaN) };
  for (const [row, at] of startMs.entries()) {
    const index = Math.round((at - fromMs) / unitMs);
    columns.total[index] = total[row] ?? 0;
    columns.bad[index] = (total[row] ?? 0) - (good[row] ?? 0);
  }
  return { fromMs, stepMs: unitMs, ...columns };
}
