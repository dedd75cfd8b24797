import type { RedSource, ServiceLabel, WorkloadMetric } from './discovery.ts';
import type { PrometheusSource } from './port.ts';
import { duration, escapeRegex, labelList, type Matcher, quote, selector, withLabel } from './promql.ts';

/** The label under which every expression of this file gives the service, whatever the convention calls it. */
export const serviceLabel = 'qd_service';
export const sourceLabel = 'qd_source';
export const statLabel = 'qd_stat';

export interface RedScope {
  /** Matchers of the environment. */
  environment: Matcher[];
  /** One service only; all of them when absent. */
  service?: string;
  windowMs: number;
  /** Looks so far back, e.g. a week. */
  offsetMs?: number;
}

/**
 * The matcher of one environment. Series without the label belong to the default one. `null` where the whole source
 * is that environment; `undefined` where it is another one and has nothing to say.
 */
export function environmentMatcher(source: PrometheusSource, environment: string): Matcher | null | undefined {
  if (source.environment !== undefined) return source.environment === environment ? null : undefined;
  if (environment !== source.defaultEnvironment) return [source.environmentLabel, '=', environment];
  return [source.environmentLabel, '=~', `${escapeRegex(environment)}|`];
}

/** `or` of all arms, each set apart by its labels. */
export function union(arms: readonly string[]): string {
  return arms.join('\nor\n');
}

/** Gives an arm its statistic and source, so that arms of one query never merge. */
export function arm(expression: string, stat: string, source = ''): string {
  return withLabel(withLabel(expression, sourceLabel, source), statLabel, stat);
}

/** Matchers that select one service under each label that may name it. */
export function serviceMatchers(labels: readonly ServiceLabel[], service: string | undefined): Matcher[][] {
  if (service === undefined) return [[]];
  return labels.map(({ label, pattern }, i) => {
    const before: Matcher[] = labels.slice(0, i).map((earlier) => [earlier.label, '=', ''] as const);
    if (!pattern) return [...before, [label, '=', service] as const];
    const around = pattern.replace(/\((?!\?)[^()]*\)/, () => escapeRegex(service));
    return [...before, [label, '=~', around] as const];
  });
}

function combine(...lists: Matcher[][][]): Matcher[][] {
  return lists.reduce((all, next) => all.flatMap((a) => next.map((b) => [...a, ...b])), [[]]);
}

/** `rate` of a metric under all given selections, as one vector of raw series. */
function rates(metric: string, selections: Matcher[][], { windowMs, offsetMs }: RedScope): string {
  const back = offsetMs ? ` offset ${duration(offsetMs)}` : '';
  return selections.map((matchers) => `rate(${selector(metric, matchers)}[${duration(windowMs)}]${back})`).join(' or ');
}

/** Sums raw series by service and other labels. The costly `label_replace` comes after the sum, on few series. */
export function sumByService(
  raw: string,
  labels: readonly ServiceLabel[],
  by: readonly string[] = [],
  operator = 'sum',
) {
  const inner = `${operator} by (${labelList([...labels.map(({ label }) => label), ...by])}) (${raw})`;
  const named = [...labels]
    .reverse()
    .reduce(
      (vector, { label, pattern = '(.+)' }) =>
        `label_replace(${vector}, ${quote(serviceLabel)}, "$1", ${quote(label)}, ${quote(pattern)})`,
      inner,
    );
  return `${operator === 'count' ? 'sum' : operator} by (${labelList([serviceLabel, ...by])}) (${named})`;
}

const inScope = (source: RedSource, scope: RedScope, extra: Matcher[][] = [[]]) =>
  combine([scope.environment], [source.only ?? []], serviceMatchers(source.service, scope.service), extra);

/** Requests per second by service and the labels given. */
export function requestRate(source: RedSource, scope: RedScope, by: readonly string[] = []): string {
  if (source.native) {
    const sum = sumByService(rates(source.native, inScope(source, scope), scope), source.service, by);
    return `histogram_count(${sum})`;
  }
  const counter = by.includes(source.status) ? source.statusCounter : source.counter;
  return sumByService(rates(counter, inScope(source, scope), scope), source.service, by);
}

/** Failed requests per second; absent where none has ever failed. */
export function errorRate(source: RedSource, scope: RedScope, by: readonly string[] = []): string {
  const metric = source.native ?? source.statusCounter;
  const sum = sumByService(rates(metric, inScope(source, scope, source.errors), scope), source.service, by);
  return source.native ? `histogram_count(${sum})` : sum;
}

/** Cumulative bucket rates by service and `le`; `null` without a classic histogram. */
export function bucketRate(source: RedSource, scope: RedScope, by: readonly string[] = []): string | null {
  if (!source.buckets) return null;
  return sumByService(rates(source.buckets, inScope(source, scope), scope), source.service, ['le', ...by]);
}

/** A quantile of the duration in seconds, computed by the engine; `null` without a histogram. */
export function durationQuantile(
  source: RedSource,
  scope: RedScope,
  quantile: number,
  by: readonly string[] = [],
): string | null {
  const buckets = source.native
    ? sumByService(rates(source.native, inScope(source, scope), scope), source.service, by)
    : bucketRate(source, scope, by);
  if (!buckets) return null;
  const factor = source.duration?.secondsPerUnit ?? 1;
  return `histogram_quantile(${quantile}, ${buckets})${factor === 1 ? '' : ` * ${factor}`}`;
}

const quantiles = [0.5, 0.95, 0.99] as const;
export const quantileStat = (quantile: number) => `p${Math.round(quantile * 100)}`;

/**
 * Rate, errors and duration of every service in one query. Durations come as buckets, from which all quantiles are
 * read at once: three `histogram_quantile` would read the same series three times.
 */
export function redNow(sources: readonly RedSource[], scope: RedScope): string {
  return union(
    sources.flatMap((source) => {
      const arms = [
        arm(requestRate(source, scope), 'rate', source.id),
        arm(errorRate(source, scope), 'errors', source.id),
      ];
      if (source.side === 'caller') return arms;
      const buckets = bucketRate(source, scope);
      if (buckets) return [...arms, arm(buckets, 'bucket', source.id)];
      if (!source.native) return arms;
      const native = quantiles.map((q) =>
        arm(durationQuantile(source, scope, q) as string, quantileStat(q), source.id),
      );
      return [...arms, ...native];
    }),
  );
}

/** Rate, errors and p95 of every service, for a range query over a short past. */
export function redSparkline(sources: readonly RedSource[], scope: RedScope): string {
  return union(
    sources
      .filter(({ side }) => side === 'server')
      .flatMap((source) => {
        const p95 = durationQuantile(source, scope, 0.95);
        return [
          arm(requestRate(source, scope), 'rate', source.id),
          arm(errorRate(source, scope), 'errors', source.id),
          ...(p95 ? [arm(p95, 'p95', source.id)] : []),
        ];
      }),
  );
}

export const targetService: ServiceLabel[] = [{ label: 'service_name' }, { label: 'job', pattern: '(?:.+/)?([^/]+)' }];

/** One selector of a service's series for each label that may name it; together they are all of them. */
export function serviceSelectors(
  metric: string,
  environment: Matcher[],
  service: string,
  only: Matcher[] = [],
): string[] {
  return combine([environment], serviceMatchers(targetService, service), [only]).map((matchers) =>
    selector(metric, matchers),
  );
}

/** The raw series of one service; `wrap` puts a function round each selector, e.g. a rate. */
export function ofService(
  metric: string,
  environment: Matcher[],
  service: string,
  { wrap = (selected: string) => selected, only = [] as Matcher[] } = {},
): string {
  return serviceSelectors(metric, environment, service, only).map(wrap).join(' or ');
}

/** The selectors of one service's buckets, for `query_exemplars`. */
export function bucketSelectors(source: RedSource, scope: RedScope): string | null {
  const metric = source.buckets ?? source.native;
  if (!metric) return null;
  return inScope(source, scope)
    .map((matchers) => selector(metric, matchers))
    .join(' or ');
}

/** Replicas and versions of every service in one query; `null` where the engine knows nothing of it. */
export function workloads(names: ReadonlySet<WorkloadMetric>, environment: Matcher[]): string | null {
  const named = (metric: WorkloadMetric, label: string) =>
    sumByService(selector(metric, environment), [{ label }], [], 'max');
  const deployment = (metric: WorkloadMetric) => sumByService(selector(metric, environment), [{ label: 'deployment' }]);
  const make: Record<WorkloadMetric, () => string[]> = {
    up: () => [
      arm(sumByService(selector('up', environment), targetService, ['service_version']), 'targets_up'),
      arm(sumByService(selector('up', environment), targetService, [], 'count'), 'targets'),
    ],
    target_info: () => [
      arm(sumByService(selector('target_info', environment), targetService, ['service_version'], 'count'), 'info'),
    ],
    quarterdeck_workload_desired_replicas: () => [
      arm(named('quarterdeck_workload_desired_replicas', 'service_name'), 'desired', 'supervisor'),
    ],
    quarterdeck_workload_ready_replicas: () => [
      arm(named('quarterdeck_workload_ready_replicas', 'service_name'), 'ready', 'supervisor'),
    ],
    quarterdeck_replica_up: () => [
      arm(
        sumByService(selector('quarterdeck_replica_up', environment), [{ label: 'service_name' }]),
        'running',
        'supervisor',
      ),
    ],
    quarterdeck_replica_restarts_total: () => [
      arm(
        sumByService(`increase(${selector('quarterdeck_replica_restarts_total', environment)}[1h])`, [
          { label: 'service_name' },
        ]),
        'restarts',
      ),
    ],
    kube_deployment_spec_replicas: () => [arm(deployment('kube_deployment_spec_replicas'), 'desired', 'kubernetes')],
    kube_deployment_status_replicas_ready: () => [
      arm(deployment('kube_deployment_status_replicas_ready'), 'ready', 'kubernetes'),
    ],
  };
  const arms = Object.entries(make).flatMap(([name, arms]) => (names.has(name as WorkloadMetric) ? arms() : []));
  return arms.length > 0 ? union(arms) : null;
}
