import { config } from '#lib/core/config.ts';
import { AppError } from '#lib/core/errors.ts';
import { metrics } from '#lib/core/metrics.ts';
import { once } from '#lib/core/registry.ts';
import { createPrometheus } from './client.ts';
import type { Prometheus, PrometheusHooks, PrometheusSource } from './port.ts';
import { environmentMatcher } from './red.ts';

export { createPrometheus } from './client.ts';
export {
  candidateNames,
  conventionMetrics,
  pickSource,
  type RedSource,
  recognise,
  type WorkloadMetric,
  workloadMetrics,
} from './discovery.ts';
export { isPrometheusError, PrometheusError } from './errors.ts';
export { alignGrid, gridFor, pointCount, rateWindowMs, stepFor } from './grid.ts';
export { objectionOfEngine, type ReloadOutcome, reloadPrometheus } from './lifecycle.ts';
export * from './port.ts';
export {
  duration,
  escapeRegex,
  labelList,
  type Matcher,
  oneOf,
  parsePromql,
  quote,
  selector,
  withLabel,
  wrapPromql,
} from './promql.ts';

export * from './red.ts';

interface Doors {
  list: Prometheus[] | null;
  hooks: PrometheusHooks;
}

/** Counts every upstream call and cache hit for `/metrics`. */
const counting: PrometheusHooks = {
  onUpstream: ({ source, call, outcome, durationMs }) =>
    metrics().upstream.observe({ source, kind: call, outcome }, durationMs / 1_000),
  onCache: ({ outcome }) => metrics().cache.inc({ cache: 'prometheus', result: outcome }),
};

const doors = () => once<Doors>('prometheus.doors', () => ({ list: null, hooks: counting }));

/** Replaces what counts calls and cache hits. Takes effect at once for every source. */
export function setPrometheusHooks(hooks: PrometheusHooks): void {
  doors().hooks = hooks;
}

/** Every configured engine; none when `PROMETHEUS_URL` is not set. */
export function prometheusSources(): Prometheus[] {
  const state = doors();
  state.list ??= configured().map((source) => createPrometheus(source, { hooks: forwarding() }));
  return state.list;
}

/** Replaces the configured engines; for tests. `null` goes back to the configuration. */
export function setPrometheusSources(list: Prometheus[] | null): void {
  doors().list = list;
}

/** The engine that answers unless another is named; `source.unavailable` when there is none. */
export function prometheus(id?: string): Prometheus {
  const list = prometheusSources();
  if (list.length === 0) {
    throw new AppError('source.unavailable', 'No metrics source is configured. Set PROMETHEUS_URL.');
  }
  const found = id === undefined ? list[0] : list.find(({ source }) => source.id === id);
  if (!found) throw new AppError('source.unknown', `There is no metrics source ${JSON.stringify(id)}.`);
  return found;
}

/** The engine that holds an environment: one of its own before one that holds several; null where none does. */
export function prometheusOf(environment: string): Prometheus | null {
  const able = prometheusSources().filter(({ source }) => environmentMatcher(source, environment) !== undefined);
  return able.find(({ source }) => source.environment !== undefined) ?? able[0] ?? null;
}

function forwarding(): PrometheusHooks {
  return {
    onUpstream: (event) => doors().hooks.onUpstream?.(event),
    onCache: (event) => doors().hooks.onCache?.(event),
  };
}

function configured(): PrometheusSource[] {
  const settings = config();
  if (!settings.PROMETHEUS_URL) return [];
  const url = new URL(settings.PROMETHEUS_URL);
  const inUrl = url.username
    ? { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
    : null;
  url.username = '';
  url.password = '';
  const { PROMETHEUS_TOKEN: token, PROMETHEUS_USERNAME: username, PROMETHEUS_PASSWORD: password } = settings;
  const basic = username ? { username, password: password ?? '' } : inUrl;
  return [
    {
      id: 'prometheus',
      name: 'Prometheus',
      url: url.toString(),
      ...(token ? { auth: { kind: 'bearer', token } } : basic ? { auth: { kind: 'basic', ...basic } } : {}),
      ...(settings.PROMETHEUS_TENANT ? { headers: { 'X-Scope-OrgID': settings.PROMETHEUS_TENANT } } : {}),
      timeoutMs: settings.PROMETHEUS_TIMEOUT_SECONDS * 1_000,
      scrapeIntervalMs: settings.PROMETHEUS_SCRAPE_SECONDS * 1_000,
      environmentLabel: settings.QD_ENVIRONMENT_LABEL,
      defaultEnvironment: settings.QD_DEFAULT_ENVIRONMENT,
    },
  ];
}
