import type { BurnTier, SloDefinition, TimeWindow } from './schemas.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Window pairs with the share of the budget that each stands for (Google's SRE workbook, chapter 5, table 5-8). */
const recommended = [
  { severity: 'page', longMs: hourMs, shortMs: 5 * 60_000, share: 0.02 },
  { severity: 'page', longMs: 6 * hourMs, shortMs: 30 * 60_000, share: 0.05 },
  { severity: 'ticket', longMs: dayMs, shortMs: 2 * hourMs, share: 0.1 },
  { severity: 'ticket', longMs: 3 * dayMs, shortMs: 6 * hourMs, share: 0.1 },
] as const;

const usualDays = 30;

/** How long a window is for burn rates, in days: a calendar month counts as 30, a quarter as 91, a year as 365. */
export function nominalDays(window: TimeWindow): number {
  if (window.kind === 'rolling') return window.days;
  return { week: 7, month: 30, quarter: 91, year: 365 }[window.unit];
}

/**
 * The burn-rate alerts of a window: factor = budget share × period ÷ long window for 28 to 31 days (the SRE workbook's
 * 14.4, 6, 3 and 1 for 30 days); other windows keep the factors of 30 days; below 7 days there are none.
 */
export function defaultTiers(window: TimeWindow): BurnTier[] {
  const days = nominalDays(window);
  if (days < 7) return [];
  const period = days >= 28 && days <= 31 ? days : usualDays;
  return recommended.map(({ share, ...tier }) => ({ ...tier, factor: clean((share * period * dayMs) / tier.longMs) }));
}

/** The tiers in force: those of the definition, else the default ones. */
export function tiersOf({ alerting, window }: Pick<SloDefinition, 'alerting' | 'window'>): BurnTier[] {
  return alerting.tiers ?? defaultTiers(window);
}

/** Share of the window's budget that burning at the tier's factor over its long window spends, at even traffic. */
export function budgetShare(tier: BurnTier, window: TimeWindow): number {
  return clean((tier.factor * tier.longMs) / (nominalDays(window) * dayMs));
}

/** Whether a tier can fire at all: all requests failing burn at 1 / (1 - target). */
export function isReachable(tier: BurnTier, target: number): boolean {
  return tier.factor * (1 - target) < 1;
}

/**
 * A tier over the same windows that can fire where this one cannot: it does when nine of ten requests fail. `null` where
 * such a tier would say no more than that the budget is spent as planned.
 */
export function reachableTier(tier: BurnTier, target: number): BurnTier | null {
  if (isReachable(tier, target)) return tier;
  const factor = Math.floor((0.9 / (1 - target)) * 10 + 1e-9) / 10;
  return factor > 1 ? { ...tier, factor } : null;
}

/** The windows whose burn is recorded for every SLO, besides those of its own tiers. */
const usualWindowsMs = [5 * 60_000, 30 * 60_000, hourMs, 2 * hourMs, 6 * hourMs, dayMs, 3 * dayMs];

/** The windows whose burn is recorded, in ms, the shortest first. */
export function recordedWindows(definition: Pick<SloDefinition, 'alerting' | 'window'>): number[] {
  const own = tiersOf(definition).flatMap(({ longMs, shortMs }) => [longMs, shortMs]);
  return [...new Set([...usualWindowsMs, ...own])].sort((a, b) => a - b);
}

/** A window as metric names and labels of alerts have it: `5m`, `6h`, `3d`. */
export function windowName(ms: number): string {
  if (ms % dayMs === 0) return `${ms / dayMs}d`;
  if (ms % hourMs === 0) return `${ms / hourMs}h`;
  return ms % 60_000 === 0 ? `${ms / 60_000}m` : `${Math.ceil(ms / 1_000)}s`;
}

/** The series that hold events per second over a window; their labels are `slo`, `service` and the environment. */
export function recordedMetric(which: 'bad' | 'total', windowMs: number): string {
  return `slo:sli_${which}:rate${windowName(windowMs)}`;
}

/** Without the noise of binary fractions. */
const clean = (value: number) => Number(value.toPrecision(12));
