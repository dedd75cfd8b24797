import { type CatalogProblem, catalog, type Source, sourceStates } from '#lib/catalog/index.ts';
import { type Context, requireActor } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { listFacts } from '#lib/facts/index.ts';
import type { Fact } from '#lib/facts/schemas.ts';
import { listServices } from '#lib/telemetry/index.ts';
import type { ServiceList } from '#lib/telemetry/schemas.ts';
import { type HeldAlerts, seeAlerts } from './see-alerts.ts';
import { type Budgets, seeBudgets } from './see-budgets.ts';

const changesMs = 6 * 3_600_000;
const mostChanges = 100;
/** Counted apart, so that a storm of alerts hides no deploy. */
const mostAlertMarkers = 50;

export interface Overview {
  environment: string;
  asOf: string;
  services: ServiceList | null;
  servicesError: { code: string; detail: string } | null;
  counts: Record<string, number>;
  changes: Fact[];
  sources: Source[];
  alerts: HeldAlerts;
  budgets: Budgets;
  catalogProblems: CatalogProblem[];
}

/**
 * All that the overview shows of an environment: services with the worst first, what changed, how fresh each source
 * is. A metrics source that is down takes only the services from it.
 */
export async function seeOverview({ ctx, environment }: { ctx: Context; environment: string }): Promise<Overview> {
  const now = ctx.clock.now();
  const from = new Date(now.getTime() - changesMs).toISOString();
  const changed = { env: environment, kind: ['deploy' as const, 'config' as const, 'scaling' as const], from };
  const [services, changes, markers, alerts, budgets] = await Promise.all([
    listServices(environment, ctx.signal).catch((error: unknown) => {
      if (error instanceof AppError && error.status === 503) return error;
      throw error;
    }),
    listFacts({ ctx, query: { ...changed, limit: mostChanges } }),
    listFacts({ ctx, query: { ...changed, kind: ['alert'], limit: mostAlertMarkers } }),
    seeAlerts(ctx, environment),
    seeBudgets(requireActor(ctx), environment),
  ]);
  // After the figures: what became of asking for them is known then.
  const sources = await sourceStates({ ctx });
  const failed = services instanceof AppError ? services : null;
  const found = services instanceof AppError ? null : services;
  const counts: Record<string, number> = {};
  for (const { state } of found?.items ?? []) counts[state] = (counts[state] ?? 0) + 1;
  return {
    environment,
    asOf: found?.asOf ?? now.toISOString(),
    services: found,
    servicesError: failed && { code: failed.code, detail: failed.detail },
    counts,
    changes: [...changes.items, ...markers.items].sort((a, b) => (a.startAt < b.startAt ? 1 : -1)),
    sources,
    alerts,
    budgets,
    catalogProblems: catalog().problems,
  };
}
