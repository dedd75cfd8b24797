import { type Prometheus, prometheus, prometheusOf, prometheusSources } from '#lib/adapters/prometheus/index.ts';
import { AppError } from '#lib/core/errors.ts';

/**
 * The engine that holds the series of an environment. `source.unavailable` where there is none: what another
 * environment counts is never taken for its own.
 */
export function engineOf(environment: string): Prometheus {
  const found = prometheusOf(environment);
  if (found) return found;
  if (prometheusSources().length === 0) return prometheus();
  throw new AppError('source.unavailable', `No metrics source holds the environment ${environment}.`);
}
