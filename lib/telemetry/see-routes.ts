import {
  arm,
  bucketRate,
  durationQuantile,
  errorRate,
  quantileStat,
  type RedSource,
  requestRate,
  type Series,
  union,
} from '#lib/adapters/prometheus/index.ts';
import { scopeOf, windowOf } from './engine.ts';
import { readFigures, toFigures } from './figures.ts';
import type { Range } from './params.ts';
import { figure, provenanceOf } from './provenance.ts';
import type { RouteTable } from './schemas.ts';
import { subjectOf } from './see-service.ts';

const mostRoutes = 200;
/** A rate over days reads more than a table is worth. */
const longestWindowMs = 6 * 3_600_000;

/** Rate, errors and duration by route and method over a range (its last six hours at most), the busiest first. */
export async function seeRoutes(
  environment: string,
  service: string,
  range: Range,
  signal?: AbortSignal,
): Promise<RouteTable> {
  const subject = await subjectOf(environment, service, range, signal);
  const { prometheus, source, engine } = subject;
  const stepMs = prometheus.source.scrapeIntervalMs;
  const length = Math.ceil((range.toMs - range.fromMs) / stepMs) * stepMs;
  const windowMs = Math.max(windowOf(engine), Math.min(length, longestWindowMs));
  const rows = { environment, service, convention: source?.id ?? null, windowMs, nextCursor: null };
  if (!source) return { ...provenanceOf(prometheus, []), ...rows, items: [] };
  const by = [...source.route, ...(source.method ? [source.method] : [])];
  const scope = scopeOf(engine, windowMs, service);
  const buckets = bucketRate(source, scope, by);
  const quantiles = buckets
    ? [arm(buckets, 'bucket', source.id)]
    : [0.5, 0.95, 0.99].flatMap((q) => {
        const expression = durationQuantile(source, scope, q, by);
        return expression ? [arm(expression, quantileStat(q), source.id)] : [];
      });
  const query = union([
    arm(requestRate(source, scope, by), 'rate', source.id),
    arm(errorRate(source, scope, by), 'errors', source.id),
    ...quantiles,
  ]);
  const answer = await prometheus.instantQuery(query, {
    atMs: Math.floor(range.toMs / stepMs) * stepMs,
    signal,
    staleIfError: true,
  });
  return { ...provenanceOf(prometheus, [answer]), ...rows, items: readRoutes(answer.series, source) };
}

function readRoutes(series: readonly Series[], source: RedSource): RouteTable['items'] {
  const separator = '\u0000';
  const keyOf = (labels: Series['labels']) =>
    [
      source.route
        .map((label) => labels[label])
        .filter(Boolean)
        .join('/'),
      source.method ? (labels[source.method] ?? '') : '',
    ].join(separator);
  const figures = [...readFigures(series, keyOf)].flatMap(([key, bySource]) => {
    const raw = bySource.get(source.id);
    const [route = '', method = ''] = key.split(separator);
    return raw ? [{ route, method, raw }] : [];
  });
  const total = figures.reduce((sum, { raw }) => sum + raw.rate, 0);
  return figures
    .sort((a, b) => b.raw.rate - a.raw.rate)
    .slice(0, mostRoutes)
    .map(({ route, method, raw }) => ({
      route: route || 'unmatched',
      method: method || null,
      share: total > 0 ? (figure(raw.rate / total) ?? 0) : 0,
      ...toFigures(raw, source.duration?.secondsPerUnit ?? 1),
    }));
}
