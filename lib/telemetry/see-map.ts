import { isPrometheusError, type QueryAnswer, type Series } from '#lib/adapters/prometheus/index.ts';
import { type Engine, engineFor, windowOf } from './engine.ts';
import { listServices } from './list-services.ts';
import { buildGraph } from './map-graph.ts';
import { callDurations, callRates, callsSeen, graphEnvironments, type MapScope } from './map-promql.ts';
import type { ServiceMap } from './map-schemas.ts';
import type { Range } from './params.ts';
import { iso, provenanceOf } from './provenance.ts';
import type { ServiceList } from './schemas.ts';

/** Figures are of the last minutes of a range: a map says how it is, not how it was on average. */
const figuresMs = 5 * 60_000;
/** Who calls whom is of the whole range, or so much of its end. */
const longestMs = 6 * 3_600_000;

/**
 * Who calls whom in an environment, with rate, errors and durations of each call. Four upstream queries at most beside
 * the list of services, which is shared with the other screens; however many services there are.
 * Other environments are named as far as `reaches` holds for them.
 */
export async function seeMap(
  environment: string,
  range: Range,
  signal?: AbortSignal,
  reaches: (environment: string) => boolean = () => true,
): Promise<ServiceMap> {
  const engine = await engineFor(environment, signal);
  const { prometheus } = engine;
  const { scrapeIntervalMs: stepMs, environmentLabel } = prometheus.source;
  const toStep = (ms: number) => Math.ceil(ms / stepMs) * stepMs;
  const atMs = Math.floor(range.toMs / stepMs) * stepMs;
  const length = toStep(range.toMs - range.fromMs);
  const windowMs = Math.max(windowOf(engine), Math.min(length, figuresMs));
  const isNow = Date.now() - range.toMs < figuresMs;
  const scope: MapScope = { environment: engine.matchers, environmentLabel, windowMs };
  const whole = { ...scope, windowMs: Math.max(windowMs, Math.min(length, longestMs)) };
  const options = { atMs, signal, staleIfError: true };

  const [services, seen, rates, durations] = await Promise.all([
    servicesOf(environment, signal),
    prometheus.instantQuery(callsSeen(whole), options),
    prometheus.instantQuery(callRates(scope), options),
    optional(prometheus.instantQuery(callDurations(scope), options)),
  ]);
  const isEmpty = seen.series.length === 0 && rates.series.length === 0;
  const elsewhere = isEmpty
    ? await optional(prometheus.instantQuery(graphEnvironments(environmentLabel), options))
    : null;
  const graph = buildGraph({
    seen: seen.series,
    rates: rates.series,
    durations: durations.answer?.series ?? [],
    services: services.list?.items ?? [],
    isNow,
  });
  const { warnings, ...provenance } = provenanceOf(prometheus, [seen, rates, durations.answer]);
  return {
    ...provenance,
    stale: provenance.stale ?? (isNow ? (services.list?.stale ?? null) : null),
    warnings: [
      ...warnings,
      ...(services.failed ? [`The list of services could not be had: ${services.failed}`] : []),
      ...(durations.failed ? [`Durations could not be had: ${durations.failed}`] : []),
    ],
    environment,
    from: iso(range.fromMs),
    to: iso(range.toMs),
    windowMs,
    ...graph,
    notes: isEmpty
      ? withoutGraph(environment, elsewhere?.answer?.series ?? [], environmentLabel, reaches)
      : notesOf({ engine, seen: seen.series, durations: durations.answer, isNow }),
  };
}

async function servicesOf(environment: string, signal: AbortSignal | undefined) {
  const { answer: list, failed } = await optional<ServiceList>(listServices(environment, signal));
  return { list, failed };
}

/** What the map can do without, and why it was not to be had. */
async function optional<T>(asked: Promise<T>): Promise<{ answer: T | null; failed: string | null }> {
  try {
    return { answer: await asked, failed: null };
  } catch (error) {
    if (!isPrometheusError(error)) throw error;
    return { answer: null, failed: error.detail };
  }
}

/** Why there is no graph, and where one comes from. */
export function withoutGraph(
  environment: string,
  elsewhere: readonly Series[],
  environmentLabel: string,
  reaches: (environment: string) => boolean = () => true,
): string[] {
  const named = elsewhere
    .map(({ labels }) => labels[environmentLabel])
    .filter((name): name is string => name !== undefined && name !== '');
  if (elsewhere.length === 0) {
    return [
      "No source has a service graph. One comes from Quarterdeck's receiver, when Prometheus scrapes its /metrics, or from the metrics generator of Tempo (service-graphs).",
    ];
  }
  if (named.length === 0) {
    return [
      `The service graph does not say the environment (${environmentLabel}), so that all of it is taken for the usual one. Add the dimension to Tempo's metrics generator to see ${environment} by itself.`,
    ];
  }
  const known = named.filter(reaches).sort();
  const where = known.length > 0 ? `; there are some in ${known.join(', ')}` : '';
  return [`No call was traced in ${environment} in this time${where}.`];
}

interface NotesInput {
  engine: Engine;
  seen: readonly Series[];
  durations: QueryAnswer | null;
  isNow: boolean;
}

function notesOf({ engine, seen, durations, isNow }: NotesInput): string[] {
  const { environmentLabel, environment } = engine.prometheus.source;
  const unnamed = environment === undefined && seen.some(({ labels }) => !labels[environmentLabel]);
  return [
    ...(unnamed
      ? [`Some calls do not say their environment (${environmentLabel}); they are shown in ${engine.environment}.`]
      : []),
    ...(durations && durations.series.length === 0 && seen.length > 0
      ? ['The service graph has no durations: its histograms are off, or native ones only.']
      : []),
    ...(isNow ? [] : ['Figures are of the end of the chosen time; how services are now is left out.']),
  ];
}
