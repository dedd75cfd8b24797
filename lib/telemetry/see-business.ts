import {
  arm,
  conventionMetrics,
  duration,
  type Labels,
  type MetricMetadata,
  ofService,
  oneOf,
  type Series,
  serviceSelectors,
  statLabel,
  union,
} from '#lib/adapters/prometheus/index.ts';
import type { Range } from './params.ts';
import { figure, gridOf, provenanceOf } from './provenance.ts';
import type { Business, Unit } from './schemas.ts';
import { chartOf, type Subject, subjectOf } from './see-service.ts';

type Item = Business['items'][number];

/** What libraries, runtimes and meshes count by themselves: of interest elsewhere, but not what a service is for. */
const technical =
  /^(?:up$|ALERTS|scrape_|target_info|process_|nodejs_|go_|jvm_|python_|dotnet_|ruby_|promhttp_|prometheus_|otel_|otelcol_|http_|rpc_|grpc_|db_client_|messaging_|dns_|tls_|dependency_up$|traces_|calls_total|istio_|envoy_|nginx_|traefik_|response_|request_total|kube_|container_|node_|cadvisor_|machine_|quarterdeck_|circuit_breaker_|retry_|retries_|resilience_|outbound_|hikaricp_|tomcat_|jetty_|logback_|executor_|system_|undici_|pg_pool_|redis_client_)/;
const identity = new Set(
  'job,instance,service_name,service_version,service_instance_id,deployment_environment_name,pod,namespace,container,node,le,quantile,__name__'.split(
    ',',
  ),
);
/** Which label tells the most, where several do. */
const telling = ['status', 'outcome', 'result', 'state', 'reason', 'type', 'kind', 'method', 'provider', 'currency'];
const mostMetrics = 24;
const mostValues = 8;

/** Whether a metric is of the service's own trade. */
export function isBusiness(name: string): boolean {
  return !technical.test(name) && !conventionMetrics.has(name.replace(/_(?:bucket|sum|count)$/, ''));
}

/** What a service counts beside requests, over a range: found by its labels, shown with its HELP. */
export async function seeBusiness(
  environment: string,
  service: string,
  range: Range,
  signal?: AbortSignal,
): Promise<Business> {
  const subject = await subjectOf(environment, service, range, signal);
  const { prometheus } = subject;
  const chart = chartOf(subject, range);
  const { metrics, omitted } = await findMetrics(subject, range, signal);
  const window = duration(chart.scope.windowMs);
  const answer =
    metrics.length > 0
      ? await prometheus.rangeQuery(union(metrics.map((metric) => armOf(subject, metric, window))), chart.grid, {
          signal,
          staleIfError: true,
        })
      : null;
  return {
    ...provenanceOf(prometheus, [answer]),
    environment,
    service,
    convention: subject.source?.id ?? null,
    grid: gridOf(chart.grid),
    items: metrics.flatMap((metric) => toItem(metric, answer?.series ?? [])),
    nextCursor: null,
    omittedMetrics: omitted,
  };
}

interface Metric {
  /** As people know it, without a histogram's ending. */
  name: string;
  /** What is read. */
  read: string;
  type: Item['type'];
  unit: Unit;
  help: string | null;
  by: string | null;
}

/** Short, so that what a new version counts is seen soon. */
const discoveryTtlMs = 15_000;

async function findMetrics({ prometheus, matchers, service }: Subject, range: Range, signal?: AbortSignal) {
  const options = { signal, ttlMs: discoveryTtlMs, staleIfError: true };
  const at = { fromMs: Math.max(range.fromMs, range.toMs - 3_600_000), toMs: range.toMs };
  const everything = serviceSelectors('', matchers, service);
  const [names, described] = await Promise.all([
    prometheus.labelValues('__name__', { matchers: everything, ...at }, options),
    prometheus.metadata(options).catch(() => null),
  ]);
  const found = groupMetrics(names.data.filter(isBusiness), described?.data ?? {});
  const kept = found.slice(0, mostMetrics);
  if (kept.length === 0) return { metrics: [], omitted: [] };
  const selections = serviceSelectors('', matchers, service, [
    oneOf(
      '__name__',
      kept.map(({ read }) => read),
    ),
  ]);
  const { data } = await prometheus.series(selections, at, options);
  return {
    metrics: kept.map((metric) => ({ ...metric, by: breakdown(data.filter((l) => l.__name__ === metric.read)) })),
    omitted: found.slice(mostMetrics).map(({ name }) => name),
  };
}

/** Joins the parts of histograms and names what each metric is, counters first. */
export function groupMetrics(names: readonly string[], described: Record<string, MetricMetadata>): Metric[] {
  const set = new Set(names);
  const metrics = names.flatMap((name): Metric[] => {
    const part = /^(.+)_(bucket|sum|count)$/.exec(name);
    if (part?.[1] && set.has(`${part[1]}_count`) && set.has(`${part[1]}_sum`)) {
      if (part[2] !== 'sum') return [];
      const base = part[1];
      return [
        { name: base, read: name, type: 'histogram', unit: unitOf(base), help: helpOf(described[base]), by: null },
      ];
    }
    if (name.endsWith('_created')) return [];
    // OpenMetrics describes a counter without its ending.
    const description = described[name] ?? described[name.replace(/_total$/, '')];
    const isCounter = description ? description.type === 'counter' : name.endsWith('_total');
    const type = isCounter ? 'counter' : description?.type === 'gauge' ? 'gauge' : 'unknown';
    const unit: Unit = isCounter ? 'perSecond' : unitOf(name);
    return [{ name, read: name, type, unit, help: helpOf(description), by: null }];
  });
  const order = { counter: 0, histogram: 1, gauge: 2, unknown: 3 };
  return metrics.sort((a, b) => order[a.type] - order[b.type] || (a.name < b.name ? -1 : 1));
}

const helpOf = (description: MetricMetadata | undefined) => description?.help.trim() || null;

function unitOf(name: string): Unit {
  if (/_seconds$/.test(name)) return 'seconds';
  if (/_bytes$/.test(name)) return 'bytes';
  if (/_ratio$/.test(name)) return 'ratio';
  return 'count';
}

/** The label by which a metric is best told apart: few values, and a name that means something. */
export function breakdown(series: readonly Labels[]): string | null {
  const valuesOf = new Map<string, Set<string>>();
  for (const labels of series) {
    for (const [label, value] of Object.entries(labels)) {
      if (identity.has(label)) continue;
      valuesOf.set(label, (valuesOf.get(label) ?? new Set()).add(value));
    }
  }
  const rank = (label: string) => (telling.includes(label) ? telling.indexOf(label) : telling.length);
  const fit = [...valuesOf].filter(([, found]) => found.size >= 1 && found.size <= mostValues);
  const several = fit.filter(([, found]) => found.size > 1);
  return (several.length > 0 ? several : fit).map(([label]) => label).sort((a, b) => rank(a) - rank(b))[0] ?? null;
}

function armOf({ matchers, service }: Subject, { name, read, type, by }: Metric, window: string): string {
  const wrap = (selected: string) => `rate(${selected}[${window}])`;
  const grouped = by ? ` by (${by})` : '';
  const sum = (metric: string) => `sum${grouped} (${ofService(metric, matchers, service, { wrap })})`;
  // A histogram is shown as its mean: what one thing weighs.
  if (type === 'histogram') return arm(`${sum(read)} / ${sum(`${name}_count`)}`, name);
  if (type === 'counter') return arm(sum(read), name);
  // Replicas often report one and the same thing, such as the length of a queue they share: adding would double it.
  return arm(`max${grouped} (${ofService(read, matchers, service)})`, name);
}

function toItem({ name, help, type, unit, by }: Metric, series: readonly Series[]): Item[] {
  const found = series.filter(({ labels }) => labels[statLabel] === name);
  if (found.length === 0) return [];
  return [
    {
      metric: name,
      help,
      type,
      unit,
      by,
      series: found.map(({ labels, points }) => {
        const value = by ? (labels[by] ?? '') : '';
        return {
          name: by ? value || 'none' : name,
          labels: by ? { [by]: value } : {},
          values: points.map(([, v]) => figure(v)),
        };
      }),
    },
  ];
}
