import { arm, duration, labelList, ofService, type Series, statLabel, union } from '#lib/adapters/prometheus/index.ts';
import type { Range } from './params.ts';
import { figure, gridOf, provenanceOf } from './provenance.ts';
import type { Saturation, Unit } from './schemas.ts';
import { instanceLabels, replicaName } from './see-replicas.ts';
import { chartOf, subjectOf } from './see-service.ts';

interface Measure {
  id: string;
  title: string;
  unit: Unit;
  metric: string;
  /** A counter is read as what it grew per second. */
  isCounter?: true;
  operator: 'sum' | 'max';
}

const measures: readonly Measure[] = [
  { id: 'cpu', title: 'CPU', unit: 'ratio', metric: 'process_cpu_seconds_total', isCounter: true, operator: 'sum' },
  { id: 'memory', title: 'Memory', unit: 'bytes', metric: 'process_resident_memory_bytes', operator: 'max' },
  {
    id: 'event-loop',
    title: 'Event loop lag, p99',
    unit: 'seconds',
    metric: 'nodejs_eventloop_lag_p99_seconds',
    operator: 'max',
  },
  {
    id: 'active-requests',
    title: 'Requests in progress',
    unit: 'count',
    metric: 'http_server_active_requests',
    operator: 'sum',
  },
  {
    id: 'database-waiting',
    title: 'Waiting for a database connection',
    unit: 'count',
    metric: 'db_client_connection_pending_requests',
    operator: 'sum',
  },
];

/** Gauges whose name says that something waits, whatever it is. */
export const queueNames = '[a-zA-Z_:][a-zA-Z0-9_:]*_queue_(?:depth|length|size|jobs|messages)';
const queueMetric = 'qd_metric';
const mostSeries = 20;

/** CPU, memory, event loop, requests in progress and queues of every replica over a range. One upstream query. */
export async function seeSaturation(
  environment: string,
  service: string,
  range: Range,
  signal?: AbortSignal,
): Promise<Saturation> {
  const subject = await subjectOf(environment, service, range, signal);
  const { grid, scope } = chartOf(subject, range);
  const { matchers, prometheus } = subject;
  const window = duration(scope.windowMs);
  const arms = measures.map(({ id, metric, isCounter, operator }) => {
    const wrap = isCounter ? (selected: string) => `rate(${selected}[${window}])` : undefined;
    const raw = ofService(metric, matchers, service, { wrap });
    return arm(`${operator} by (${labelList(instanceLabels)}) (${raw})`, id);
  });
  const queues = ofService('', matchers, service, { only: [['__name__', '=~', queueNames]] });
  const named = `label_replace(${queues}, "${queueMetric}", "$1", "__name__", "(.+)")`;
  const query = union([...arms, arm(`max by (${queueMetric}) (${named})`, 'queue')]);
  const answer = await prometheus.rangeQuery(query, grid, { signal, staleIfError: true });
  const { items, omittedSeries } = readSaturation(answer.series);
  return {
    ...provenanceOf(prometheus, [answer]),
    environment,
    service,
    convention: subject.source?.id ?? null,
    grid: gridOf(grid),
    items,
    nextCursor: null,
    omittedSeries,
  };
}

function readSaturation(series: readonly Series[]): Pick<Saturation, 'items' | 'omittedSeries'> {
  let omittedSeries = 0;
  const items: Saturation['items'] = [];
  const add = (id: string, title: string, unit: Unit, found: { name: string; series: Series }[]) => {
    if (found.length === 0) return;
    const kept = found
      .sort((a, b) => highest(b.series) - highest(a.series))
      .slice(0, mostSeries)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    omittedSeries += found.length - kept.length;
    items.push({
      id,
      title,
      unit,
      series: kept.map(({ name, series: { points } }) => ({
        name,
        labels: { replica: name },
        values: points.map(([, value]) => figure(value)),
      })),
    });
  };
  for (const { id, title, unit } of measures) {
    const found = series.filter(({ labels }) => labels[statLabel] === id);
    add(
      id,
      title,
      unit,
      found.map((s) => ({ name: replicaName(s.labels) ?? 'all', series: s })),
    );
  }
  for (const s of series.filter(({ labels }) => labels[statLabel] === 'queue')) {
    const metric = s.labels[queueMetric] ?? 'queue';
    add(metric, metric.replaceAll('_', ' '), 'count', [{ name: metric, series: s }]);
  }
  return { items, omittedSeries };
}

const highest = ({ points }: Series) => points.reduce((most, [, value]) => Math.max(most, value || 0), 0);
