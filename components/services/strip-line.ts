import { gridTimesMs, thresholds } from '#lib/telemetry/rules.ts';
import type { RedRange, ServiceList, ServiceSummary, TimeGrid } from '#lib/telemetry/schemas.ts';
import { errorsSeen } from './words.ts';

type Values = (number | null)[];

/** One line to hold the changes against. */
export interface StripLine {
  /** What it shows: `payment errors, % of requests`. */
  label: string;
  times: number[];
  values: Values;
  /** Above it a service is failing; left out for what belongs to no one service. */
  threshold?: number;
}

/** The service that hurts most and whose errors are worth a line of their own; the last known where figures are old. */
export const worstService = (services: ServiceList | null): ServiceSummary | null =>
  services?.items.find(
    ({ state, red }) => state === 'failing' || (state === 'stale' && (red?.errorRatio ?? 0) > thresholds.errorRatio),
  ) ?? null;

/** The service that takes most requests: it stands for all where only one can be asked for. */
export function busiestService(services: ServiceList | null): ServiceSummary | null {
  const busy = (services?.items ?? []).filter(({ red }) => red !== null && red.rate > 0);
  return busy.sort((a, b) => (b.red?.rate ?? 0) - (a.red?.rate ?? 0))[0] ?? null;
}

/** Failed requests by all requests, of all services together, at each step; null where nothing was measured. */
export function errorsOfAll(items: readonly Pick<ServiceSummary, 'sparkline'>[], length: number): Values {
  return Array.from({ length }, (_, i) => {
    let requests = 0;
    let failed = 0;
    let measured = false;
    for (const { sparkline } of items) {
      const rate = sparkline?.rate[i] ?? null;
      if (rate === null) continue;
      measured = true;
      requests += rate;
      failed += rate * (sparkline?.errorRatio[i] ?? 0);
    }
    return measured ? (requests > 0 ? failed / requests : 0) : null;
  });
}

const errorsLabel = (name: string) => `${name} errors, % of requests`;

/** The line from the figures that the list has anyway: the last hour. Null where they hold none. */
export function lineOfList(services: ServiceList | null): StripLine | null {
  const grid = services?.sparklineGrid;
  if (!services || !grid) return null;
  const times = gridTimesMs(grid);
  const worst = worstService(services);
  if (!worst) {
    const values = errorsOfAll(services.items, times.length);
    return values.some((value) => value !== null) ? { label: 'errors, % of all requests', times, values } : null;
  }
  if (!worst.sparkline || errorsSeen(worst).by === 'callers') return null;
  return {
    label: errorsLabel(worst.name),
    times,
    values: worst.sparkline.errorRatio,
    threshold: thresholds.errorRatio,
  };
}

/** The line from a service's chart: what it counts itself, or what its callers see; where one is silent, the other. */
export function lineOfRed(
  red: Pick<RedRange, 'service' | 'grid' | 'errorRatio' | 'callers'>,
  by: 'service' | 'callers',
): StripLine {
  const seen = red.callers?.errorRatio ?? [];
  const [first, second] = by === 'callers' ? [seen, red.errorRatio] : [red.errorRatio, seen];
  const times = gridTimesMs(red.grid);
  return {
    label: by === 'callers' ? `${red.service} errors, % of its callers’ requests` : errorsLabel(red.service),
    times,
    values: times.map((_, i) => first[i] ?? second[i] ?? null),
    threshold: thresholds.errorRatio,
  };
}

/**
 * Whether the figures of the list are those of the range: as long, and no newer. They may end earlier, as they do while
 * the source does not answer.
 */
export function covers(grid: TimeGrid | null | undefined, fromMs: number, toMs: number): boolean {
  if (!grid) return false;
  const slack = 2 * grid.stepMs;
  const start = Date.parse(grid.from);
  const end = Date.parse(grid.to);
  return Math.abs(end - start - (toMs - fromMs)) <= slack && end <= toMs + slack && end > fromMs;
}
