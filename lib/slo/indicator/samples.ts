import { duration, parsePromql } from '#lib/adapters/prometheus/index.ts';
import type { CounterSelector } from '../counter-query.ts';
import type { Indicator } from '../schemas.ts';
import { type EnvironmentMatcher, narrowExpression } from './narrow.ts';

/** How often an expression is looked at: each look at each series is one sample. */
export const sampleStepMs = 30_000;

/** An indicator whose samples are its events. All of it is instant PromQL, narrowed to the environment. */
export interface SampleQuery {
  /** The person's expression, without samples that are NaN. */
  query: string;
  /** For each series, how good the sample is: 1 or 0 for a threshold, 0 to 1 for a raw ratio. */
  isGood: string;
  /** The samples of one instant added up: one series without labels. */
  good: string;
  total: string;
  stepMs: number;
}

interface Compiled {
  badRate: (windowMs: number) => string;
  totalRate: (windowMs: number) => string;
  selectors: CounterSelector[];
}

const operators = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

/** An expression by itself, whose NaN samples are left out: a ratio of nothing says nothing. */
function known(query: string, environment: EnvironmentMatcher) {
  const { text, selectors } = narrowExpression(parsePromql(query), environment);
  // The line break ends a comment.
  return { text: `((${text}${text.includes('#') ? '\n' : ''}) >= -Inf)`, selectors };
}

/** Sums what an instant expression says at each look, as events per second. */
const perSecond = (instant: string, windowMs: number) =>
  `sum_over_time((${instant})[${duration(windowMs)}:${duration(sampleStepMs)}]) / ${windowMs / 1_000}`;

/** Thresholds and raw ratios: every sample weighs the same. */
export function compileSamples(
  indicator: Exclude<Indicator, { kind: 'ratio' }>,
  environment: EnvironmentMatcher,
): Compiled & { samples: SampleQuery } {
  const { text: query, selectors } = known(indicator.query, environment);
  const isGood =
    indicator.kind === 'threshold'
      ? `${query} ${operators[indicator.op]} bool ${indicator.value}`
      : indicator.type === 'success'
        ? `clamp(${query}, 0, 1)`
        : `1 - clamp(${query}, 0, 1)`;
  const total = `count(${query})`;
  return {
    badRate: (windowMs) => perSecond(`sum(1 - (${isGood}))`, windowMs),
    totalRate: (windowMs) => perSecond(total, windowMs),
    samples: { query, isGood, good: `sum(${isGood})`, total, stepMs: sampleStepMs },
    selectors,
  };
}

/**
 * A ratio of what is no counter: values that go up and down, taken as events per second. Instants at which one of the
 * two is missing are left out of both.
 */
export function compileGauges(
  indicator: Extract<Indicator, { kind: 'ratio' }>,
  environment: EnvironmentMatcher,
): Compiled {
  const whole = known(indicator.total, environment);
  const part = known(indicator.bad ?? indicator.good ?? '', environment);
  const [total, counted] = [`sum(${whole.text})`, `sum(${part.text})`];
  const bad = indicator.bad === null ? `clamp_min(${total} - ${counted}, 0)` : `${counted} and ${total}`;
  const weight = (windowMs: number) => `${sampleStepMs / windowMs}`;
  const perWindow = (instant: string, windowMs: number) =>
    `sum_over_time((${instant})[${duration(windowMs)}:${duration(sampleStepMs)}]) * ${weight(windowMs)}`;
  return {
    badRate: (windowMs) => perWindow(bad, windowMs),
    totalRate: (windowMs) => perWindow(`${total} and ${counted}`, windowMs),
    selectors: [...part.selectors, ...whole.selectors],
  };
}
