import type { BurnTier, TimeWindow } from './schemas.ts';
import { budgetOf, count, instant, length, past, percent, times, when } from './sentence-rules.ts';
import { minuteMs } from './window-rules.ts';

export interface ExplainInput {
  nowMs: number;
  window: TimeWindow;
  severity: 'page' | 'ticket' | 'other';
  longMs: number;
  shortMs: number;
  /** Of the long window, the live part included. */
  bad: number;
  /** All failures that the budget allows. */
  allowedBad: number;
  /** After the end of the ledger, from live rates. */
  live: { bad: number; lengthMs: number } | null;
  /** Whether it is about this moment; else about one that has passed. */
  isNow: boolean;
  /** What becomes of the budget at this rate; `over`: it burns no more than it may now. */
  exhausted: { atMs: number } | 'spent' | 'never' | 'over' | null;
  tier: BurnTier | null;
  longBurn: number | null;
  shortBurn: number | null;
  since: { atMs: number; bad: number } | null;
}

/**
 * What a burn-rate alert means, in sentences: what it has cost in failures and budget, counted and not reckoned from its
 * burn rate; what its two windows say; when it will stop.
 */
export function explain(input: ExplainInput): string[] {
  if (input.allowedBad <= 0) return ['No requests were counted in the window, so that nothing says what this costs.'];
  return [spent(input), livePart(input), windows(input), stops(input), sinceThen(input)].filter(
    (text) => text !== null,
  );
}

function spent(input: ExplainInput): string {
  const { bad, allowedBad, window, longMs, isNow, nowMs, exhausted } = input;
  const time = isNow ? `in ${past(longMs)}` : `in the ${length(longMs)} before ${instant(nowMs, nowMs)}`;
  const share = `${percent(bad / allowedBad)} of the ${budgetOf(window)} was spent ${time} (${count(bad)} of ${count(allowedBad)} allowed failures)`;
  if (exhausted === 'spent') return `${share}; nothing is left.`;
  if (exhausted === 'over') return `${share}; in the last 5 min it burns no faster than it may.`;
  if (exhausted === 'never') {
    const over = window.kind === 'rolling' ? `within ${window.days} days` : 'before the window is over';
    return `${share}; at this rate it is not used up ${over}.`;
  }
  return exhausted ? `${share}; at this rate none is left ${when(exhausted.atMs, nowMs)}.` : `${share}.`;
}

function livePart({ live }: ExplainInput): string | null {
  if (!live || live.bad < 0.5) return null;
  return `About ${count(live.bad)} of these failures are of the last ${length(live.lengthMs)}, which the ledger has not counted yet; they are from the live rate.`;
}

function windows({ tier, longMs, shortMs, longBurn, shortBurn, severity }: ExplainInput): string | null {
  if (!tier) return null;
  const burn = (ms: number, value: number | null) => (value === null ? past(ms) : `${past(ms)} (${times(value)})`);
  const what = severity === 'page' ? 'page' : 'ticket';
  return `The ${what} fires while the budget burns more than ${times(tier.factor)} as fast as it may over both ${burn(longMs, longBurn)} and ${burn(shortMs, shortBurn)}: the long window says that it matters, the short one that it still goes on.`;
}

/** After the failures end, burn over the short window falls on a straight line from `shortBurn` to none. */
function stops({ tier, shortMs, longMs, shortBurn, longBurn, isNow }: ExplainInput): string | null {
  if (!tier || !isNow || shortBurn === null || longBurn === null) return null;
  if (shortBurn <= tier.factor || longBurn <= tier.factor) return 'It is stopping: one of them is below that already.';
  const after = (ms: number, burn: number) => ms * (1 - tier.factor / burn);
  const inMs = Math.min(after(shortMs, shortBurn), after(longMs, longBurn));
  return `It stops about ${length(Math.max(minuteMs, inMs))} after the failures do.`;
}

function sinceThen({ since, nowMs, allowedBad, longMs }: ExplainInput): string | null {
  if (!since || nowMs - since.atMs <= longMs) return null;
  const cost = percent(since.bad / allowedBad);
  return `Since it began ${when(since.atMs, nowMs)}, ${count(since.bad)} requests have failed: ${cost} of the budget.`;
}
