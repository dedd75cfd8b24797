import {
  arm,
  bucketRate,
  type CallOptions,
  durationQuantile,
  errorRate,
  pickSource,
  pointCount,
  quantileStat,
  type RedSource,
  requestRate,
  type Series,
  sourceLabel,
  statLabel,
  union,
} from '#lib/adapters/prometheus/index.ts';
import { errorRatioOf } from './figures.ts';
import type { Range } from './params.ts';
import { figure, gridOf, provenanceOf } from './provenance.ts';
import { type Bucket, histogramQuantile } from './rules.ts';
import type { Heatmap, RedRange } from './schemas.ts';
import { type Chart, chartOf, type Subject, subjectOf } from './see-service.ts';

const weekMs = 7 * 24 * 3_600_000;
type Values = (number | null)[];

/** Rate, errors by status and durations of one service over a range, in at most four upstream queries. */
export async function seeRed(
  environment: string,
  service: string,
  range: Range,
  signal?: AbortSignal,
): Promise<RedRange> {
  const subject = await subjectOf(environment, service, range, signal);
  const chart = chartOf(subject, range);
  const { grid, scope } = chart;
  const { prometheus, source, callerSources } = subject;
  const options: CallOptions = { signal, staleIfError: true };
  const [statuses, durations, lastWeek, callers] = await Promise.all([
    source ? prometheus.rangeQuery(byStatusQuery(source, chart), grid, options) : null,
    durationsOf(subject, chart, options),
    source ? prometheus.rangeQuery(lastWeekQuery(source, chart), grid, options) : null,
    callerSources.length > 0 ? prometheus.rangeQuery(callersQuery(callerSources, chart), grid, options) : null,
  ]);
  const count = pointCount(grid);
  const byStatus = readByStatus(statuses?.series ?? [], source, count);
  const before = readStats(lastWeek?.series ?? []);
  return {
    ...provenanceOf(prometheus, [statuses, durations?.answer ?? null, callers]),
    environment,
    service,
    convention: source?.id ?? null,
    grid: gridOf(grid),
    windowMs: scope.windowMs,
    ...byStatus,
    rateLastWeek: before.get('rate') ?? null,
    p95LastWeekMs: before.get('p95')?.map((seconds) => (seconds === null ? null : figure(seconds * 1_000))) ?? null,
    ...(durations?.quantiles ?? { p50Ms: gap(count), p95Ms: gap(count), p99Ms: gap(count) }),
    callers: readCallers(callers?.series ?? []),
  };
}

const gap = (count: number): Values => new Array(count).fill(null);

function byStatusQuery(source: RedSource, { scope }: Chart): string {
  return union([
    arm(requestRate(source, scope), 'rate', source.id),
    arm(requestRate(source, scope, [source.status]), 'status', source.id),
    arm(errorRate(source, scope, [source.status]), 'errors', source.id),
  ]);
}

/** Several services may be callers; their view is one line. */
function callersQuery(sources: readonly RedSource[], { scope }: Chart): string {
  return union(
    sources.flatMap((source) => [
      arm(requestRate(source, scope), 'rate', source.id),
      arm(errorRate(source, scope), 'errors', source.id),
    ]),
  );
}

function lastWeekQuery(source: RedSource, { scope }: Chart): string {
  const before = { ...scope, offsetMs: weekMs };
  const p95 = durationQuantile(source, before, 0.95);
  return union([arm(requestRate(source, before), 'rate', source.id), ...(p95 ? [arm(p95, 'p95', source.id)] : [])]);
}

function readStats(series: readonly Series[]): Map<string, Values> {
  return new Map(
    series.map(({ labels, points }) => [labels[statLabel] ?? '', points.map(([, value]) => figure(value))]),
  );
}

const clientsOwn = /^4\d\d$/;

function readByStatus(series: readonly Series[], source: RedSource | null, count: number) {
  const of = (stat: string) => series.filter(({ labels }) => labels[statLabel] === stat);
  const rate = of('rate')[0]?.points.map(([, value]) => figure(value)) ?? gap(count);
  const status = (s: Series) => (source && s.labels[source.status]) || 'none';
  const failed = new Map(of('errors').map((s) => [status(s), s.points]));
  const notCounted = of('status').filter((s) => clientsOwn.test(status(s)) && !failed.has(status(s)));
  const ratio = (points: Series['points']): Values =>
    rate.map((all, i) => (all === null ? null : (errorRatioOf(points[i]?.[1] ?? 0, all) ?? null)));
  const total = rate.map((all, i) => {
    if (all === null) return null;
    let errors = 0;
    for (const points of failed.values()) errors += points[i]?.[1] || 0;
    return errorRatioOf(errors, all);
  });
  const sum = (points: Series['points']) => points.reduce((all, [, value]) => all + (value || 0), 0);
  return {
    rate,
    errorRatio: total,
    errorsByStatus: [
      ...[...failed]
        .filter(([, points]) => sum(points) > 0)
        .sort((a, b) => sum(b[1]) - sum(a[1]))
        .map(([name, points]) => ({ status: name, counted: true, ratio: ratio(points) })),
      ...notCounted
        .filter(({ points }) => sum(points) > 0)
        .sort((a, b) => sum(b.points) - sum(a.points))
        .map((s) => ({ status: status(s), counted: false, ratio: ratio(s.points) })),
    ],
  };
}

function readCallers(series: readonly Series[]): RedRange['callers'] {
  const bySource = new Map<string, { rate: number; points: Partial<Record<string, Series['points']>> }>();
  for (const { labels, points } of series) {
    const id = labels[sourceLabel] ?? '';
    const held = bySource.get(id) ?? { rate: 0, points: {} };
    const stat = labels[statLabel] ?? '';
    held.points[stat] = points;
    if (stat === 'rate') held.rate = points.reduce((sum, [, value]) => sum + (value || 0), 0);
    bySource.set(id, held);
  }
  const picked = pickSource(bySource)?.[1].points;
  if (!picked?.rate) return null;
  return {
    rate: picked.rate.map(([, value]) => figure(value)),
    errorRatio: picked.rate.map(([, all], i) =>
      all === null || Number.isNaN(all) ? null : errorRatioOf(picked.errors?.[i]?.[1] || 0, all),
    ),
  };
}

const bound = (le: string) => (le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le));

/** Buckets over time, from which both the quantiles and the heat map are read: they share one upstream query. */
async function durationsOf({ source, prometheus }: Subject, { grid, scope }: Chart, options: CallOptions) {
  if (!source) return null;
  const factor = (source.duration?.secondsPerUnit ?? 1) * 1_000;
  const query = bucketRate(source, scope);
  if (query) {
    const answer = await prometheus.rangeQuery(query, grid, options);
    const buckets = answer.series
      .map(({ labels, points }) => ({ bound: bound(labels.le ?? ''), points }))
      .filter((bucket) => !Number.isNaN(bucket.bound))
      .sort((a, b) => a.bound - b.bound);
    const at = (i: number): Bucket[] =>
      buckets.flatMap((bucket) => {
        const count = bucket.points[i]?.[1];
        return count === null || count === undefined || Number.isNaN(count) ? [] : [{ bound: bucket.bound, count }];
      });
    const columns = Array.from({ length: pointCount(grid) }, (_, i) => at(i));
    const quantile = (q: number) =>
      columns.map((column) => {
        const found = histogramQuantile(q, column);
        return found === null ? null : figure(found * factor);
      });
    const quantiles = { p50Ms: quantile(0.5), p95Ms: quantile(0.95), p99Ms: quantile(0.99) };
    return { answer, quantiles, columns, bounds: buckets.map((bucket) => bucket.bound), factor };
  }
  const arms = [0.5, 0.95, 0.99].flatMap((q) => {
    const found = durationQuantile(source, scope, q);
    return found ? [arm(found, quantileStat(q), source.id)] : [];
  });
  if (arms.length === 0) return null;
  const answer = await prometheus.rangeQuery(union(arms), grid, options);
  const stats = readStats(answer.series);
  const inMs = (stat: string) =>
    stats.get(stat)?.map((v) => (v === null ? null : figure(v * 1_000))) ?? gap(pointCount(grid));
  const quantiles = { p50Ms: inMs('p50'), p95Ms: inMs('p95'), p99Ms: inMs('p99') };
  return { answer, quantiles, columns: [], bounds: [], factor };
}

/** The histogram of one service's durations over a range; empty where only quantiles or nothing is measured. */
export async function seeHeatmap(
  environment: string,
  service: string,
  range: Range,
  signal?: AbortSignal,
): Promise<Heatmap> {
  const subject = await subjectOf(environment, service, range, signal);
  const chart = chartOf(subject, range);
  const durations = await durationsOf(subject, chart, { signal, staleIfError: true });
  const { bounds = [], columns = [], factor = 1 } = durations ?? {};
  return {
    ...provenanceOf(subject.prometheus, [durations?.answer ?? null]),
    environment,
    service,
    convention: subject.source?.id ?? null,
    grid: gridOf(chart.grid),
    boundsMs: bounds.map((value) => (Number.isFinite(value) ? figure(value * factor) : null)),
    columns: columns.map((column) => perBucket(column, bounds)),
  };
}

/** Cumulative buckets as what fell into each. */
function perBucket(column: readonly Bucket[], bounds: readonly number[]): number[] | null {
  if (column.length === 0) return null;
  const counts = new Map(column.map((bucket) => [bucket.bound, bucket.count]));
  const noise = 1e-9 * Math.max(...column.map(({ count }) => count));
  let below = 0;
  return bounds.map((value) => {
    const upTo = Math.max(below, counts.get(value) ?? below);
    const inside = upTo - below;
    below = upTo;
    return inside > noise ? (figure(inside) ?? 0) : 0;
  });
}
