import { recordedWindows, tiersOf } from '../burn-rules.ts';
import type { SloDefinition } from '../schemas.ts';
import { hourMs, minuteMs } from '../window-rules.ts';

/** How often the windows of an SLO are evaluated: short ones decide about a page within a minute. */
export const paces = ['fast', 'medium', 'slow'] as const;
export type Pace = (typeof paces)[number];

/** Below five minutes, after which Prometheus takes a series for gone. */
const intervalsMs: Record<Pace, number> = { fast: 15_000, medium: minuteMs, slow: 2 * minuteMs };

/** Between two evaluations, in ms: no shorter than the scrape interval. */
export const intervalOf = (pace: Pace, scrapeIntervalMs: number) => Math.max(intervalsMs[pace], scrapeIntervalMs);

/** The pace of an alert over a long window. */
export function paceOfTier(longMs: number): Pace {
  if (longMs <= hourMs) return 'fast';
  return longMs <= 6 * hourMs ? 'medium' : 'slow';
}

/** The windows of an SLO by the pace at which they are recorded: that of the fastest tier that reads them. */
export function windowsByPace(definition: Pick<SloDefinition, 'alerting' | 'window'>): Record<Pace, number[]> {
  const found: Record<Pace, number[]> = { fast: [], medium: [], slow: [] };
  const tiers = tiersOf(definition);
  for (const windowMs of recordedWindows(definition)) {
    const reading = tiers.filter(({ longMs, shortMs }) => longMs === windowMs || shortMs === windowMs);
    const wanted = [usualPace(windowMs), ...reading.map(({ longMs }) => paceOfTier(longMs))];
    found[paces.find((pace) => wanted.includes(pace)) ?? 'slow'].push(windowMs);
  }
  return found;
}

/** The base of all longer windows and the window of the first page are always fresh. */
function usualPace(windowMs: number): Pace {
  if (windowMs <= 5 * minuteMs || windowMs === hourMs) return 'fast';
  return windowMs <= 6 * hourMs ? 'medium' : 'slow';
}
