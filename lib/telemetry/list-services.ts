import {
  alignGrid,
  type Grid,
  isPrometheusError,
  type QueryAnswer,
  redNow,
  redSparkline,
  type Series,
  serviceLabel,
  sourceLabel,
  statLabel,
  workloads,
} from '#lib/adapters/prometheus/index.ts';
import { catalog, entryFor, expectedIn } from '#lib/catalog/index.ts';
import { type Engine, engineFor, scopeOf, windowOf } from './engine.ts';
import { callerFigures, errorRatioOf, figuresOf, readFigures, serverFigures } from './figures.ts';
import { figure, gridOf, provenanceOf, sourceStatusOf } from './provenance.ts';
import { refreshed } from './refreshed.ts';
import { byWhatHurts, judge } from './rules.ts';
import type { ServiceList, ServiceSummary } from './schemas.ts';
import { readWorkloads } from './workloads.ts';

const weekMs = 7 * 24 * 3_600_000;
const sparklineMs = 3_600_000;
const sparklineStepMs = 60_000;
/** Last week's figures move slowly enough to be asked once a minute. */
const lastWeekStepMs = 60_000;

/**
 * Every service of an environment with its figures, the worst first. Five upstream queries at most,
 * however many services and viewers there are: names, now, a week ago, sparklines, replicas. While the source is down the last answer stands in, each service marked stale.
 */
export async function listServices(environment: string, signal?: AbortSignal): Promise<ServiceList> {
  const engine = await engineFor(environment, signal);
  const { scrapeIntervalMs } = engine.prometheus.source;
  return refreshed(`services|${engine.prometheus.source.url}|${environment}`, scrapeIntervalMs, (previous) =>
    assemble(engine, previous),
  );
}

async function assemble(engine: Engine, previous: ServiceList | undefined): Promise<ServiceList> {
  const { prometheus, sources, matchers } = engine;
  const { scrapeIntervalMs } = prometheus.source;
  const windowMs = windowOf(engine);
  const scope = scopeOf(engine, windowMs);
  const nowMs = Math.floor(Date.now() / scrapeIntervalMs) * scrapeIntervalMs;
  const weekAgoMs = Math.floor((nowMs - weekMs) / lastWeekStepMs) * lastWeekStepMs;
  const grid = alignGrid({ fromMs: nowMs - sparklineMs, toMs: nowMs, stepMs: sparklineStepMs });
  const server = sources.filter(({ side }) => side === 'server');
  const workloadQuery = workloads(engine.workloads, matchers);
  const warnings: string[] = [];
  const optional = (what: string, asked: Promise<QueryAnswer> | null) =>
    asked?.catch((error: unknown) => {
      if (!isPrometheusError(error)) throw error;
      warnings.push(`${what} could not be had: ${error.detail}`);
      return null;
    }) ?? null;

  const asked = Promise.all([
    sources.length > 0 ? prometheus.instantQuery(redNow(sources, scope), { atMs: nowMs }) : null,
    optional('Replicas', workloadQuery ? prometheus.instantQuery(workloadQuery, { atMs: nowMs }) : null),
    optional(
      "Last week's figures",
      server.length > 0
        ? prometheus.instantQuery(redNow(server, scope), { atMs: weekAgoMs, ttlMs: lastWeekStepMs })
        : null,
    ),
    optional('Sparklines', server.length > 0 ? prometheus.rangeQuery(redSparkline(server, scope), grid) : null),
  ]);
  let answers: Awaited<typeof asked>;
  try {
    answers = await asked;
  } catch (error) {
    if (previous && isPrometheusError(error) && (error.isOutage || error.kind === 'query_timeout')) {
      return standIn(engine, previous, error.detail);
    }
    throw error;
  }
  const [now, replicas, lastWeek, sparklines] = answers;
  const provenance = provenanceOf(prometheus, [now, replicas]);
  const items = summarise(engine, { now, replicas, lastWeek, sparklines, grid, windowMs });
  return {
    ...provenance,
    warnings: [...provenance.warnings, ...warnings],
    environment: engine.environment,
    windowMs,
    sparklineGrid: sparklines ? gridOf(grid) : null,
    items,
    nextCursor: null,
  };
}

interface Answers {
  now: QueryAnswer | null;
  replicas: QueryAnswer | null;
  lastWeek: QueryAnswer | null;
  sparklines: QueryAnswer | null;
  grid: Grid;
  windowMs: number;
}

function summarise(engine: Engine, answers: Answers): ServiceSummary[] {
  const { sources, environment } = engine;
  const figures = readFigures(answers.now?.series ?? []);
  const before = readFigures(answers.lastWeek?.series ?? []);
  const running = readWorkloads(answers.replicas?.series ?? []);
  const lines = readSparklines(answers.sparklines?.series ?? []);
  const { entries } = catalog();
  const managed = [...running].flatMap(([name, { isManaged }]) => (isManaged ? [name] : []));
  const names = new Set([...figures.keys(), ...managed, ...expectedIn(entries, environment).map(({ name }) => name)]);
  const items = [...names].map((name): ServiceSummary => {
    const entry = entryFor(entries, environment, name);
    const kind = entry?.kind ?? 'service';
    const own = serverFigures(figures.get(name), sources);
    const lastWeek = own && figuresOf(before.get(name), own.source);
    const callers = callerFigures(figures.get(name), sources);
    const { replicas = null, versions = [] } = running.get(name) ?? {};
    const judged = judge({
      kind,
      red: own?.figures ?? null,
      lastWeek,
      callers,
      replicas,
      windowMs: answers.windowMs,
      isStale: false,
    });
    return {
      environment,
      name,
      kind,
      description: entry?.description ?? null,
      owner: entry?.owner ?? null,
      tier: entry?.tier ?? null,
      lifecycle: entry?.lifecycle ?? null,
      repository: entry?.repository ?? null,
      links: entry?.links ?? [],
      ...judged,
      red: own && { ...own.figures, convention: own.source.id, lastWeek },
      callers,
      replicas,
      versions,
      sparkline: own && sparklineOf(lines.get(`${name}|${own.source.id}`)),
    };
  });
  return items.sort(byWhatHurts);
}

type Lines = Map<string, Partial<Record<string, Series['points']>>>;

function readSparklines(series: readonly Series[]): Lines {
  const lines: Lines = new Map();
  for (const { labels, points } of series) {
    const key = `${labels[serviceLabel]}|${labels[sourceLabel]}`;
    const stats = lines.get(key) ?? {};
    stats[labels[statLabel] ?? ''] = points;
    lines.set(key, stats);
  }
  return lines;
}

function sparklineOf(stats: Partial<Record<string, Series['points']>> | undefined) {
  const rate = stats?.rate;
  if (!rate) return null;
  return {
    rate: rate.map(([, value]) => figure(value)),
    errorRatio: rate.map(([, value], i) =>
      value === null || Number.isNaN(value) ? null : errorRatioOf(stats.errors?.[i]?.[1] ?? 0, value),
    ),
    p95Ms: rate.map((_, i) => {
      const seconds = stats.p95?.[i]?.[1];
      return seconds === null || seconds === undefined ? null : figure(seconds * 1_000);
    }),
  };
}

/** The last answer, said to be old: figures keep their time, and no service is called well or ill by them. */
function standIn(engine: Engine, previous: ServiceList, reason: string): ServiceList {
  const source = sourceStatusOf(engine.prometheus);
  const since = previous.stale?.since ?? source.failingSince ?? previous.asOf;
  return {
    ...previous,
    source,
    stale: { since, reason },
    items: previous.items
      .map((item) =>
        item.state === 'stale'
          ? item
          : { ...item, state: 'stale' as const, reasons: ['the source does not answer', ...item.reasons] },
      )
      .sort(byWhatHurts),
  };
}
