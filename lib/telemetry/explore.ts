import {
  type AnswerMeta,
  alignGrid,
  type Grid,
  gridFor,
  isPrometheusError,
  type Prometheus,
  parsePromql,
  pointCount,
  prometheus,
  type Series,
  selector,
} from '#lib/adapters/prometheus/index.ts';
import { AppError } from '#lib/core/errors.ts';
import type { TimePoint } from '#lib/core/time-range.ts';
import { instantMs, type Range, type RangeQuery, resolveRange } from './params.ts';
import { gridOf, iso, provenanceOf } from './provenance.ts';
import type { ExploreInstant, ExploreRange, LabelList, MetricList, SampleValue } from './schemas.ts';

const mostSeries = 2_000;
const mostPoints = 200_000;
const mostNames = 20_000;
const mostPointsPerSeries = 11_000;

/** Reads a person's text, saying that it is the field `query` that is wrong. */
function readQuery(text: string): string {
  try {
    return parsePromql(text);
  } catch (error) {
    throw aboutQuery(error);
  }
}

/** A refusal of the engine is about the text that the person typed. */
function aboutQuery(error: unknown): unknown {
  if (!isPrometheusError(error) || error.isOutage || error.errors.length > 0) return error;
  return new AppError(error.code, error.detail, {
    cause: error,
    errors: [{ path: 'query', code: error.kind, message: error.detail }],
  });
}

async function asked<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw aboutQuery(error);
  }
}

const sampleOf = (value: number | null): SampleValue | null => {
  if (value === null || Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
};

function withCut(engine: Prometheus, answer: AnswerMeta, omitted: number) {
  const provenance = provenanceOf(engine, [answer]);
  if (omitted === 0) return provenance;
  const warning = `${omitted.toLocaleString('en')} series are left out. Ask for fewer, e.g. with topk(20, …) or sum by (…).`;
  return { ...provenance, warnings: [...provenance.warnings, warning] };
}

/** A person's PromQL at one instant: at most 2,000 series, and how many were left out. */
export async function exploreInstant(
  { query, at, source }: { query: string; at?: TimePoint; source?: string },
  signal?: AbortSignal,
): Promise<ExploreInstant> {
  const expression = readQuery(query);
  const engine = prometheus(source);
  const stepMs = engine.source.scrapeIntervalMs;
  const atMs = at === undefined ? undefined : Math.floor(instantMs(at, Date.now()) / stepMs) * stepMs;
  const answer = await asked(engine.instantQuery(expression, { signal, ...(atMs === undefined ? {} : { atMs }) }));
  const kept = answer.series.slice(0, mostSeries);
  const omittedSeries = answer.series.length - kept.length;
  return {
    ...withCut(engine, answer, omittedSeries),
    query: expression,
    at: iso(answer.asOfMs),
    series: kept.map(({ labels, points }) => ({ labels, value: sampleOf(points.at(-1)?.[1] ?? null) })),
    omittedSeries,
  };
}

/** The grid of a step that a person chose; refused where it has more points than the engine answers. */
export function chosenGrid({ fromMs, toMs }: Range, stepMs: number): Grid {
  const grid = alignGrid({ fromMs, toMs, stepMs });
  const points = pointCount(grid);
  if (points <= mostPointsPerSeries) return grid;
  const message = `makes ${points.toLocaleString('en')} points per series; at most ${mostPointsPerSeries.toLocaleString('en')} fit: take a longer step or a shorter time`;
  throw new AppError('telemetry.query_too_large', `step: ${message}.`, {
    errors: [{ path: 'step', code: 'too_small', message }],
  });
}

/** A person's PromQL over a range, at the step that is asked for or one that fits the width of the chart. */
export async function exploreRange(
  { query, source, step, ...wanted }: { query: string; source?: string; step?: number } & Omit<RangeQuery, 'env'>,
  signal?: AbortSignal,
): Promise<ExploreRange> {
  const expression = readQuery(query);
  const range = resolveRange(wanted);
  const engine = prometheus(source);
  const { scrapeIntervalMs } = engine.source;
  const grid = step === undefined ? gridFor({ ...range, scrapeIntervalMs }) : chosenGrid(range, step);
  const answer = await asked(engine.rangeQuery(expression, grid, { signal }));
  const perSeries = answer.series[0]?.points.length || 1;
  const kept = answer.series.slice(0, Math.min(mostSeries, Math.max(1, Math.floor(mostPoints / perSeries))));
  const omittedSeries = answer.series.length - kept.length;
  return {
    ...withCut(engine, answer, omittedSeries),
    query: expression,
    grid: gridOf(grid),
    series: kept.map(({ labels, points }: Series) => ({ labels, values: points.map(([, value]) => sampleOf(value)) })),
    omittedSeries,
  };
}

/** Label names, or the values of one label, of all metrics or of one: for completion. */
export async function exploreLabels(
  { label, metric, source }: { label?: string; metric?: string; source?: string },
  signal?: AbortSignal,
): Promise<LabelList> {
  const engine = prometheus(source);
  const recent = {
    fromMs: Date.now() - 6 * 3_600_000,
    ...(metric === undefined ? {} : { matchers: [selector('', [['__name__', '=', metric]])] }),
  };
  const { data } = await (label === undefined
    ? engine.labelNames(recent, { signal })
    : engine.labelValues(label, recent, { signal }));
  return { items: data.slice(0, mostNames), nextCursor: null, truncated: data.length > mostNames };
}

/** Metric names with type and help: for completion. */
export async function exploreMetadata({ source }: { source?: string }, signal?: AbortSignal): Promise<MetricList> {
  const engine = prometheus(source);
  const [names, described] = await Promise.all([
    engine.labelValues('__name__', { fromMs: Date.now() - 6 * 3_600_000 }, { signal }),
    engine.metadata({ signal }).catch(() => null),
  ]);
  const items = names.data.slice(0, mostNames).map((name) => {
    const base = name.replace(/_(?:bucket|sum|count|total)$/, '');
    const found = described?.data[name] ?? described?.data[base];
    return { name, type: found?.type ?? null, help: found?.help.trim() || null };
  });
  return { items, nextCursor: null, truncated: names.data.length > mostNames };
}
