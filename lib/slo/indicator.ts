import { environmentMatcher, type PrometheusSource, prometheusSources } from '#lib/adapters/prometheus/index.ts';
import { config } from '#lib/core/config.ts';
import type { CounterAtom } from './indicator/counters.ts';
import { compileCounters } from './indicator/counters.ts';
import { type EnvironmentMatcher, textOf } from './indicator/narrow.ts';
import { compileGauges, compileSamples, type SampleQuery } from './indicator/samples.ts';
import { sliced } from './indicator/slices.ts';
import type { SloDefinition } from './schemas.ts';

export type { CounterAtom } from './indicator/counters.ts';
export { type SampleQuery, sampleStepMs } from './indicator/samples.ts';

export interface CompiledIndicator {
  /** What one event is: a request, a sample of a gauge, or a slice of time. */
  kind: 'events' | 'samples' | 'slices';
  /**
   * PromQL of bad events per second over a window, one series without labels. Empty where it is unknown: without a
   * total, and where the labels that tell bad from good are gone.
   */
  badRate(windowMs: number): string;
  /** PromQL of all events per second over a window, one series without labels. */
  totalRate(windowMs: number): string;
  /** The raw counters behind it, also behind slices; null where there are only expressions. */
  atoms: CounterAtom[] | null;
  /** For gauges, raw ratios and thresholds, also behind slices; else null. */
  samples: SampleQuery | null;
  /** Metrics that are read, each once. */
  metricNames: string[];
  /** Every selector in it, narrowed to the environment. */
  selectors: string[];
}

export type EnvironmentOf = Pick<PrometheusSource, 'environment' | 'environmentLabel' | 'defaultEnvironment'>;

/**
 * The PromQL of what an SLO measures, narrowed to its environment. Throws `CounterQueryError` for a counter that is no
 * sum of selectors; what `readOpenSlo` gives never is.
 */
export function compileIndicator(
  { environment, indicator, budgeting }: Pick<SloDefinition, 'environment' | 'indicator' | 'budgeting'>,
  source: EnvironmentOf = sourceOf(environment),
): CompiledIndicator {
  const matcher = environmentMatcher(source as PrometheusSource, environment) ?? null;
  const whole = compileWhole(indicator, matcher);
  return budgeting.method === 'occurrences' ? whole : { ...whole, ...sliced(whole, budgeting), kind: 'slices' };
}

function compileWhole(indicator: SloDefinition['indicator'], matcher: EnvironmentMatcher): CompiledIndicator {
  const isCounter = indicator.kind === 'ratio' && indicator.counter;
  const { selectors, ...compiled } = isCounter
    ? { ...compileCounters(indicator, matcher), kind: 'events' as const, samples: null }
    : indicator.kind === 'ratio'
      ? { ...compileGauges(indicator, matcher), kind: 'events' as const, atoms: null, samples: null }
      : { ...compileSamples(indicator, matcher), kind: 'samples' as const, atoms: null };
  return {
    ...compiled,
    metricNames: [...new Set(selectors.map(({ metric }) => metric).filter((metric) => metric !== ''))],
    selectors: [...new Set(selectors.map(textOf))],
  };
}

/** Where an environment's series are: in the source that is that environment, else in the first. */
function sourceOf(environment: string): EnvironmentOf {
  const sources = prometheusSources().map(({ source }) => source);
  const own = sources.find((source) => source.environment === environment);
  const { QD_ENVIRONMENT_LABEL: environmentLabel, QD_DEFAULT_ENVIRONMENT: defaultEnvironment } = config();
  return own ?? sources.find((source) => source.environment === undefined) ?? { environmentLabel, defaultEnvironment };
}
