import { bucketSelectors, type Exemplar as Found, isPrometheusError } from '#lib/adapters/prometheus/index.ts';
import type { Range } from './params.ts';
import { figure, iso, provenanceOf } from './provenance.ts';
import type { Exemplar, ExemplarList } from './schemas.ts';
import { chartOf, subjectOf } from './see-service.ts';

/** So many moments of a range have dots, and so many dots each. */
const moments = 40;
const perMoment = 2;
const traceLabels = ['trace_id', 'traceID', 'traceId', 'TraceID'];
const spanLabels = ['span_id', 'spanID', 'spanId'];

/** Traces that stand for points of the duration chart: the slowest of each moment. */
export async function seeExemplars(
  environment: string,
  service: string,
  range: Range,
  signal?: AbortSignal,
): Promise<ExemplarList> {
  const subject = await subjectOf(environment, service, range, signal);
  const { prometheus, source } = subject;
  const { scope } = chartOf(subject, range);
  const selectors = source && bucketSelectors(source, scope);
  const base = { environment, service, convention: source?.id ?? null, nextCursor: null };
  const none = { ...provenanceOf(prometheus, []), ...base, items: [], found: 0 };
  if (!source || !selectors) return none;
  try {
    const answer = await prometheus.exemplars(selectors, range, { signal });
    const factor = (source.duration?.secondsPerUnit ?? 1) * 1_000;
    const all = answer.data.flatMap((found) => toExemplar(found, factor, source));
    return { ...provenanceOf(prometheus, [answer]), ...base, items: choose(all, range), found: all.length };
  } catch (error) {
    // An engine may keep no exemplars at all; that takes nothing from the chart.
    if (!isPrometheusError(error) || (error.isOutage && error.kind !== 'wrong_path')) throw error;
    return { ...none, warnings: [`Exemplars could not be had: ${error.detail}`] };
  }
}

function toExemplar(
  { seriesLabels, labels, value, atMs }: Found,
  factor: number,
  source: { route: string[]; status: string },
): Exemplar[] {
  const traceId = traceLabels.map((label) => labels[label]).find(Boolean);
  const durationMs = figure(value * factor);
  if (!traceId || durationMs === null) return [];
  const route = source.route
    .map((label) => seriesLabels[label])
    .filter(Boolean)
    .join('/');
  return [
    {
      traceId,
      spanId: spanLabels.map((label) => labels[label]).find(Boolean) ?? null,
      at: iso(atMs),
      durationMs,
      route: route || null,
      status: seriesLabels[source.status] ?? null,
      instance: seriesLabels.service_instance_id ?? seriesLabels.pod ?? seriesLabels.instance ?? null,
    },
  ];
}

/** The slowest of each moment, in the order of time; one trace stands only once. */
export function choose(all: readonly Exemplar[], { fromMs, toMs }: Pick<Range, 'fromMs' | 'toMs'>): Exemplar[] {
  const taken = new Map<number, number>();
  const traces = new Set<string>();
  const length = Math.max(1, (toMs - fromMs) / moments);
  return [...all]
    .sort((a, b) => b.durationMs - a.durationMs)
    .filter(({ at, traceId }) => {
      const moment = Math.floor((Date.parse(at) - fromMs) / length);
      const count = taken.get(moment) ?? 0;
      if (count >= perMoment || traces.has(traceId)) return false;
      taken.set(moment, count + 1);
      traces.add(traceId);
      return true;
    })
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}
