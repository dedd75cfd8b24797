import {
  arm,
  type Grid,
  gridFor,
  type Matcher,
  type Prometheus,
  pickSource,
  type RedScope,
  type RedSource,
  rateWindowMs,
  requestRate,
  union,
} from '#lib/adapters/prometheus/index.ts';
import { AppError } from '#lib/core/errors.ts';
import { type Engine, engineFor, scopeOf, windowOf } from './engine.ts';
import { readFigures } from './figures.ts';
import { listServices } from './list-services.ts';
import type { Range } from './params.ts';
import type { ServiceDetail, ServiceSummary } from './schemas.ts';

const unknown = (service: string, environment: string) =>
  new AppError('catalog.service_unknown', `Nothing reports for ${JSON.stringify(service)} in ${environment}.`);

/** One service with its figures of now; `catalog.service_unknown` when neither metrics nor catalogue know it. */
export async function seeService(environment: string, service: string, signal?: AbortSignal): Promise<ServiceDetail> {
  const { items, sparklineGrid, environment: _, nextCursor: __, ...rest } = await listServices(environment, signal);
  const found = items.find(({ name }) => name === service);
  if (!found) throw unknown(service, environment);
  return { ...rest, service: found };
}

/** What every panel of a service's page needs: where to ask, for what, and which instrumentation to read. */
export interface Subject {
  engine: Engine;
  prometheus: Prometheus;
  environment: string;
  service: string;
  matchers: Matcher[];
  /** The instrumentation of the service itself; null when nothing measures it there. */
  source: RedSource | null;
  callerSources: RedSource[];
  summary: ServiceSummary | null;
}

/**
 * Finds a service for a range. One that is gone now is still found where it was measured at the end of the range.
 * Throws `catalog.service_unknown` for one that is known nowhere.
 */
export async function subjectOf(
  environment: string,
  service: string,
  range: Range,
  signal?: AbortSignal,
): Promise<Subject> {
  const engine = await engineFor(environment, signal);
  const { items } = await listServices(environment, signal);
  const summary = items.find(({ name }) => name === service) ?? null;
  const convention = summary?.red?.convention ?? (await conventionAt(engine, service, range, signal));
  if (!summary && !convention) throw unknown(service, environment);
  return {
    engine,
    prometheus: engine.prometheus,
    environment,
    service,
    matchers: engine.matchers,
    source: engine.sources.find(({ id, side }) => id === convention && side === 'server') ?? null,
    callerSources: engine.sources.filter(({ side }) => side === 'caller'),
    summary,
  };
}

async function conventionAt(engine: Engine, service: string, range: Range, signal?: AbortSignal) {
  const server = engine.sources.filter(({ side }) => side === 'server');
  if (server.length === 0) return null;
  const scope = scopeOf(engine, Math.max(windowOf(engine), Math.min(range.toMs - range.fromMs, 3_600_000)), service);
  const query = union(server.map((source) => arm(requestRate(source, scope), 'rate', source.id)));
  const stepMs = engine.prometheus.source.scrapeIntervalMs;
  const atMs = Math.floor(range.toMs / stepMs) * stepMs;
  const { series } = await engine.prometheus.instantQuery(query, { atMs, signal });
  return pickSource(readFigures(series).get(service) ?? new Map())?.[0] ?? null;
}

export interface Chart {
  grid: Grid;
  scope: RedScope;
}

/** The grid of a chart and the window of its rates. */
export function chartOf(subject: Subject, range: Range): Chart {
  const { scrapeIntervalMs } = subject.prometheus.source;
  const grid = gridFor({ ...range, scrapeIntervalMs });
  return { grid, scope: scopeOf(subject.engine, rateWindowMs(scrapeIntervalMs, grid.stepMs), subject.service) };
}
