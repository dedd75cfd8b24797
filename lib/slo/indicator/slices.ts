import { duration } from '#lib/adapters/prometheus/index.ts';
import type { SloDefinition } from '../schemas.ts';

interface Rates {
  badRate: (windowMs: number) => string;
  totalRate: (windowMs: number) => string;
}

type Slices = Exclude<SloDefinition['budgeting'], { method: 'occurrences' }>;

/** So that a share that is just the target is not taken for less. */
const noise = 1e-9;

/**
 * The same with slices of time as events, in slices per second: a slice without events is none. A window shorter than a
 * slice looks at one slice.
 */
export function sliced({ badRate, totalRate }: Rates, budgeting: Slices): Rates {
  const { sliceMs } = budgeting;
  const badShare = `(${badRate(sliceMs)}) / ((${totalRate(sliceMs)}) > 0)`;
  const bad =
    budgeting.method === 'timeslices'
      ? `(1 - ${badShare}) < bool ${Number((budgeting.sliceTarget - noise).toPrecision(12))}`
      : badShare;
  const over = (windowMs: number) => Math.max(windowMs, sliceMs);
  const within = (windowMs: number) => `[${duration(over(windowMs))}:${duration(sliceMs)}]`;
  return {
    badRate: (windowMs) => `sum_over_time((${bad})${within(windowMs)}) / ${over(windowMs) / 1_000}`,
    totalRate: (windowMs) => `count_over_time((${badShare})${within(windowMs)}) / ${over(windowMs) / 1_000}`,
  };
}
