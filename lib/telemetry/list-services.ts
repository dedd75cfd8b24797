import { isPrometheusError, type QueryAnswer, redNow, workloads } from '#lib/adapters/prometheus/index.ts';
import { catalog, entryFor, expectedIn } from '#lib/catalog/index.ts';
import { type Engine, engineFor, scopeOf, windowOf } from './engine.ts';
import { callerFigures, figuresOf, readFigures, serverFigures } from './figures.ts';
import { gridOf, provenanceOf, sourceStatusOf } from './provenance.ts';
import { refreshed } from './refreshed.ts';
import { byWhatHurts, judge } from './rules.ts';
import type { ServiceList, ServiceSummary } from './schemas.ts';
import { type Sparklines, sparklineOf, sparklinesOf, sparklinesSoFar } from './sparklines.ts';
import { readWorkloads } from './workloads.ts';

const weekMs = 7 * 24 * 3_600_000;
/** This console's own processes are told of among the sources, not among the services that it watches. */
const ownProcess = /^quarterdeck(?:-(?:console|web|worker|receiver|supervisor))?$/;
/** How much longer than for the figures of now an answer waits for its sparklines; they come with a later one. */
const waitForSparklinesMs = 1_000;
/** Last week's figures move slowly enough to be asked once a minute. */
const lastWeekStepMs = 60_000;

/**
 * Every service of an environment with its figures, the worst first. Five upstream queries at most, however
 * many services and viewers there are: names, now, a week ago, sparklines, replicas. While the source is down the last
 * answer stands in, each service marked stale.
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
  const server = sources.filter(({ side }) => side === 'server');
  const workloadQuery = workloads(engine.workloads, matchers);
  const warnings: string[] = [];
  const optional = async <T>(what: string, asked: Promise<T> | null) => {
    try {
      return await asked;
    } catch (error) {
      if (!isPrometheusError(error)) throw error;
      warnings.push(`${what} could not be had: ${error.detail}`);
      return null;
    }
  };
  const lines = optional('Sparklines', server.length > 0 ? sparklinesOf(engine, nowMs) : null);

  const asked = Promise.all([
    sources.length > 0 ? prometheus.instantQuery(redNow(sources, scope), { atMs: nowMs }) : null,
    optional('Replicas', workloadQuery ? prometheus.instantQuery(workloadQuery, { atMs: nowMs }) : null),
    optional(
      "Last week's figures",
      server.length > 0
        ? prometheus.instantQuery(redNow(server, scope), { atMs: weekAgoMs, ttlMs: lastWeekStepMs })
        : null,
    ),
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
  const [now, replicas, lastWeek] = answers;
  const late = new Promise<null>((resolve) => setTimeout(resolve, waitForSparklinesMs, null));
  const sparklines = (await Promise.race([lines, late])) ?? sparklinesSoFar(engine, nowMs);
  const provenance = provenanceOf(prometheus, [now, replicas]);
  const items = summarise(engine, { now, replicas, lastWeek, sparklines, windowMs });
  return {
    ...provenance,
    warnings: [...provenance.warnings, ...warnings],
    environment: engine.environment,
    windowMs,
    sparklineGrid: sparklines && gridOf(sparklines.grid),
    items,
    nextCursor: null,
  };
}

interface Answers {
  now: QueryAnswer | null;
  replicas: QueryAnswer | null;
  lastWeek: QueryAnswer | null;
  sparklines: Sparklines | null;
  windowMs: number;
}

function summarise(engine: Engine, answers: Answers): ServiceSummary[] {
  const { sources, environment } = engine;
  const figures = readFigures(answers.now?.series ?? []);
  const before = readFigures(answers.lastWeek?.series ?? []);
  const running = readWorkloads(answers.replicas?.series ?? []);
  const { entries } = catalog();
  const managed = [...running].flatMap(([name, { isManaged }]) => (isManaged ? [name] : []));
  const observed = [...figures.keys(), ...managed].filter((name) => !ownProcess.test(name));
  const names = new Set([...observed, ...expectedIn(entries, environment).map(({ name }) => name)]);
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
      sparkline: own && sparklineOf(answers.sparklines, name, own.source.id),
    };
  });
  return items.sort(byWhatHurts);
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
