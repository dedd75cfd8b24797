import type { Alert, AlertList } from '#lib/alerts/schemas.ts';
import type { Source } from '#lib/catalog/source-schemas.ts';
import type { Change } from '#lib/facts/change-queries.ts';
import type { Overview } from '#lib/overview/queries.ts';
import { thresholds } from '#lib/telemetry/rules.ts';
import type { ServiceSummary, TimeGrid } from '#lib/telemetry/schemas.ts';

/** Since when a share has been over its limit; `atLeast` where it was so already when the figures begin. */
export interface Since {
  atMs: number;
  atLeast: boolean;
}

/** Something that a person has to look at now. */
export type Need =
  /** A failing service with what pages about it: one thing. */
  | {
      kind: 'service';
      id: string;
      service: ServiceSummary;
      since: Since | null;
      after: Change | null;
      alerts: Alert[];
      quiet: boolean;
    }
  /** Alerts that say the same: those of one SLO, or a single one. Never empty, the most urgent first. */
  | { kind: 'alert'; id: string; alerts: Alert[]; quiet: boolean }
  /** The alert that always fires does not arrive, so none might. */
  | { kind: 'watchdog'; id: string; watchdog: AlertList['watchdog'] }
  | { kind: 'source'; id: string; source: Source }
  /** This process cannot read the figures, whatever the regular checks of the source said last. */
  | { kind: 'blind'; id: string; name: string; since: string | null; reason: string };

/** How long before the failures began a change counts as "after this": people look at it first. */
const causeWithinMs = 30 * 60_000;

/** Since when the newest values have been over `limit` without a break; null when they are not. */
export function overSince(grid: TimeGrid, values: readonly (number | null)[], limit: number): Since | null {
  let first = values.length;
  while (first > 0) {
    const value = values[first - 1];
    if (value === null || value === undefined || value <= limit) break;
    first--;
  }
  if (first === values.length) return null;
  return { atMs: Date.parse(grid.from) + first * grid.stepMs, atLeast: first === 0 };
}

/** The last change of the service in the half hour before; a step's worth later is still before, as steps are coarse. Alerts change nothing. */
export function changeBefore(changes: readonly Change[], service: string, atMs: number, stepMs: number): Change | null {
  let best: Change | null = null;
  for (const change of changes) {
    if (change.kind === 'alert' || !change.services.includes(service)) continue;
    if (change.startAt > atMs + stepMs || change.startAt < atMs - causeWithinMs) continue;
    if (!best || change.startAt > best.startAt) best = change;
  }
  return best;
}

/** Why there are no fresh figures of services; null when there are. */
function blindness({ services, servicesError }: Pick<Overview, 'services' | 'servicesError'>): Need | null {
  if (servicesError)
    return { kind: 'blind', id: 'blind', name: 'The metrics source', since: null, reason: servicesError.detail };
  const stale = services?.stale;
  if (!services || !stale) return null;
  return { kind: 'blind', id: 'blind', name: services.source.name, since: stale.since, reason: stale.reason };
}

const severityOrder = { page: 0, ticket: 1, other: 2 } as const;

/** Those that nobody has taken before the others, pages before tickets, the older first: it has waited longer. */
function mostUrgent(a: Alert, b: Alert): number {
  return (
    Number(a.state !== 'firing') - Number(b.state !== 'firing') ||
    severityOrder[a.severity] - severityOrder[b.severity] ||
    Date.parse(a.startsAt) - Date.parse(b.startsAt) ||
    (a.id < b.id ? -1 : 1)
  );
}

const allTaken = (alerts: readonly Alert[]) => alerts.length > 0 && alerts.every(({ state }) => state !== 'firing');

/** What alerts have to be about to stand together: the same SLO, else each is a thing of its own. */
const subjectOf = ({ service, slo, id }: Alert) => (slo === null ? `alert:${id}` : `alert:${service}:${slo}`);

const leadsWithPage = ({ alerts }: { alerts: readonly Alert[] }) => alerts[0]?.severity === 'page';

/**
 * What needs a person now, the worst first: what makes the rest blind (a required source that does not answer, no
 * Watchdog), failing services with the pages about them, pages about anything else, failing services that nobody was
 * paged for, tickets and other alerts, other sources. What a person has taken comes last and stays. Empty when all
 * is well.
 */
export function needs(
  overview: Pick<Overview, 'services' | 'servicesError' | 'sources'> & Partial<Pick<Overview, 'alerts'>>,
  changes: readonly Change[],
): Need[] {
  const { services, sources } = overview;
  const grid = services?.sparklineGrid ?? null;
  const held = [...(overview.alerts?.items ?? [])].sort(mostUrgent);
  const subjects = [...Map.groupBy(held, subjectOf)];
  const paging = subjects.filter(([, alerts]) => alerts.some(({ severity }) => severity === 'page'));
  const failing = (services?.items ?? [])
    .filter(({ state }) => state === 'failing')
    .map((service): Need & { kind: 'service' } => {
      const since =
        grid && service.sparkline ? overSince(grid, service.sparkline.errorRatio, thresholds.errorRatio) : null;
      const after = since && grid ? changeBefore(changes, service.name, since.atMs, grid.stepMs) : null;
      const about = paging.flatMap(([, alerts]) => (alerts[0]?.service === service.name ? alerts : []));
      const alerts = about.sort(mostUrgent);
      return { kind: 'service', id: `service:${service.name}`, service, since, after, alerts, quiet: allTaken(alerts) };
    });
  const told = new Set(failing.flatMap(({ alerts }) => alerts));
  const others = subjects
    .filter(([, [lead]]) => lead && !told.has(lead))
    .map(([id, alerts]): Need & { kind: 'alert' } => ({ kind: 'alert', id, alerts, quiet: allTaken(alerts) }));
  const down = sources
    .filter(({ state }) => state === 'failing')
    .map((source): Need & { kind: 'source' } => ({ kind: 'source', id: `source:${source.id}`, source }));
  const blind = down.some(({ source }) => source.kind === 'prometheus') ? null : blindness(overview);
  const watchdog = overview.alerts?.watchdog;
  const loud = <T extends { quiet: boolean }>(all: readonly T[]) => all.filter(({ quiet }) => !quiet);
  const taken = <T extends { quiet: boolean }>(all: readonly T[]) => all.filter(({ quiet }) => quiet);
  return [
    ...(blind ? [blind] : []),
    ...down.filter(({ source }) => source.required),
    ...(watchdog?.state === 'absent' ? [{ kind: 'watchdog' as const, id: 'watchdog', watchdog }] : []),
    ...loud(failing).filter(leadsWithPage),
    ...loud(others).filter(leadsWithPage),
    ...loud(failing).filter((need) => !leadsWithPage(need)),
    ...loud(others).filter((need) => !leadsWithPage(need)),
    ...down.filter(({ source }) => !source.required),
    ...taken(failing),
    ...taken(others),
  ];
}
