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
  | { kind: 'service'; id: string; service: ServiceSummary; since: Since | null; after: Change | null }
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

/** The last change of the service in the half hour before; a step's worth later is still before, as steps are coarse. */
export function changeBefore(changes: readonly Change[], service: string, atMs: number, stepMs: number): Change | null {
  let best: Change | null = null;
  for (const change of changes) {
    if (!change.services.includes(service)) continue;
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

/**
 * What needs a person now, the worst first: a required source that does not answer (without it the rest is blind),
 * failing services in the order in which they hurt, other sources. Empty when all is well.
 */
export function needs(
  overview: Pick<Overview, 'services' | 'servicesError' | 'sources'>,
  changes: readonly Change[],
): Need[] {
  const { services, sources } = overview;
  const grid = services?.sparklineGrid ?? null;
  const failing = (services?.items ?? [])
    .filter(({ state }) => state === 'failing')
    .map((service): Need => {
      const since =
        grid && service.sparkline ? overSince(grid, service.sparkline.errorRatio, thresholds.errorRatio) : null;
      const after = since && grid ? changeBefore(changes, service.name, since.atMs, grid.stepMs) : null;
      return { kind: 'service', id: `service:${service.name}`, service, since, after };
    });
  const down = sources
    .filter(({ state }) => state === 'failing')
    .map((source): Need & { kind: 'source' } => ({ kind: 'source', id: `source:${source.id}`, source }));
  const blind = down.some(({ source }) => source.kind === 'prometheus') ? null : blindness(overview);
  return [
    ...(blind ? [blind] : []),
    ...down.filter(({ source }) => source.required),
    ...failing,
    ...down.filter(({ source }) => !source.required),
  ];
}
