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

/** Without the noise of binary fractions. */
const clean = (value: number) => Number(value.toPrecision(12));
