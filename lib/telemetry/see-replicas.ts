import {
  arm,
  errorRate,
  labelList,
  ofService,
  requestRate,
  type Series,
  statLabel,
  union,
} from '#lib/adapters/prometheus/index.ts';
import { scopeOf, windowOf } from './engine.ts';
import { errorRatioOf } from './figures.ts';
import type { Range } from './params.ts';
import { figure, provenanceOf } from './provenance.ts';
import type { Replica, ReplicaTable } from './schemas.ts';
import { type Subject, subjectOf } from './see-service.ts';

/** Labels that tell one replica from another, the most telling first. */
export const instanceLabels = ['service_instance_id', 'pod', 'instance'] as const;
const version = 'service_version';
const mostReplicas = 500;

/** Every replica with its state and its use of resources at the end of a range, the worst first. One query. */
export async function seeReplicas(
  environment: string,
  service: string,
  range: Range,
  signal?: AbortSignal,
): Promise<ReplicaTable> {
  const subject = await subjectOf(environment, service, range, signal);
  const { prometheus, source } = subject;
  const windowMs = windowOf(subject.engine);
  const stepMs = prometheus.source.scrapeIntervalMs;
  const atMs = Math.floor(range.toMs / stepMs) * stepMs;
  const answer = await prometheus.instantQuery(replicaQuery(subject, windowMs), { atMs, signal, staleIfError: true });
  return {
    ...provenanceOf(prometheus, [answer]),
    environment,
    service,
    convention: source?.id ?? null,
    windowMs,
    counts: subject.summary?.replicas ?? null,
    items: readReplicas(answer.series),
    nextCursor: null,
  };
}

function replicaQuery({ matchers, service, source, engine }: Subject, windowMs: number): string {
  const rate = (seconds: number) => (selected: string) => `rate(${selected}[${seconds}s])`;
  const by = (labels: readonly string[], operator: string, raw: string) =>
    `${operator} by (${labelList(labels)}) (${raw})`;
  const gauge = (metric: string, stat: string) =>
    arm(by(instanceLabels, 'max', ofService(metric, matchers, service)), stat);
  const cpu = ofService('process_cpu_seconds_total', matchers, service, { wrap: rate(windowMs / 1_000) });
  const restarts = ofService('quarterdeck_replica_restarts_total', matchers, service, {
    wrap: (selected) => `increase(${selected}[1h])`,
  });
  const scope = scopeOf(engine, windowMs, service);
  return union([
    arm(by([...instanceLabels, version], 'max', ofService('up', matchers, service)), 'up'),
    arm(by([...instanceLabels, version], 'max', ofService('target_info', matchers, service)), 'info'),
    // The supervisor's series carry its own address; only the replica's id says which one is meant.
    arm(by(['service_instance_id'], 'max', ofService('quarterdeck_replica_up', matchers, service)), 'supervised'),
    arm(by(['service_instance_id'], 'sum', restarts), 'restarts'),
    arm(`time() - ${by(instanceLabels, 'max', ofService('process_start_time_seconds', matchers, service))}`, 'uptime'),
    arm(by(instanceLabels, 'sum', cpu), 'cpu'),
    gauge('process_resident_memory_bytes', 'memory'),
    gauge('nodejs_eventloop_lag_p99_seconds', 'lag'),
    ...(source
      ? [
          arm(requestRate(source, scope, instanceLabels), 'rate'),
          arm(errorRate(source, scope, instanceLabels), 'errors'),
        ]
      : []),
  ]);
}

/** The name of a replica: its own id, else its pod, else its address. */
export function replicaName(labels: Series['labels']): string | null {
  for (const label of instanceLabels) if (labels[label]) return labels[label];
  return null;
}

function readReplicas(series: readonly Series[]): Replica[] {
  const all = new Map<string, { instance: string | null; version: string | null; stats: Map<string, number> }>();
  for (const { labels, points } of series) {
    const id = replicaName(labels);
    const value = points.at(-1)?.[1];
    if (!id || value === null || value === undefined || !Number.isFinite(value)) continue;
    const held = all.get(id) ?? { instance: null, version: null, stats: new Map() };
    held.instance ??= labels.instance || null;
    held.version ??= labels[version] || null;
    held.stats.set(labels[statLabel] ?? '', value);
    all.set(id, held);
  }
  return [...all]
    .map(([id, { instance, version, stats }]): Replica => {
      const rate = stats.get('rate');
      const lag = stats.get('lag');
      const restarts = stats.get('restarts');
      return {
        id,
        instance,
        version,
        state: stateOf(stats),
        restartsLastHour: restarts === undefined ? null : Math.round(restarts),
        uptimeSeconds: figure(stats.get('uptime')),
        cpuRatio: figure(stats.get('cpu')),
        memoryBytes: stats.get('memory') ?? null,
        eventLoopLagMs: lag === undefined ? null : figure(lag * 1_000),
        rate: figure(rate),
        errorRatio: rate === undefined ? null : errorRatioOf(stats.get('errors') ?? 0, rate),
      };
    })
    .sort(worstFirst)
    .slice(0, mostReplicas);
}

function stateOf(stats: ReadonlyMap<string, number>): Replica['state'] {
  const supervised = stats.get('supervised');
  if (supervised === 0) return 'down';
  const up = stats.get('up');
  if (up !== undefined) return up > 0 ? 'up' : 'down';
  return supervised === 1 ? 'up' : 'unknown';
}

const hurt: Record<Replica['state'], number> = { down: 0, unknown: 1, up: 2 };

function worstFirst(a: Replica, b: Replica): number {
  return (
    hurt[a.state] - hurt[b.state] ||
    (b.errorRatio ?? 0) - (a.errorRatio ?? 0) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}
