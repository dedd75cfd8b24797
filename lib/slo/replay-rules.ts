import { nominalDays, tiersOf } from './burn-rules.ts';
import type { BurnTier, SloDefinition, SloPreview } from './schemas.ts';
import { budgetOf, percent } from './sentence-rules.ts';
import { dayMs, minuteMs } from './window-rules.ts';

/** Events by step: value `i` is of the step that ends at `fromMs + (i + 1) * stepMs`; NaN where nothing is known. */
export interface ReplayColumns {
  fromMs: number;
  stepMs: number;
  bad: Float64Array;
  total: Float64Array;
}

export interface Firing {
  tier: BurnTier;
  fromMs: number;
  /** null: still at the end. */
  toMs: number | null;
  /** Share of the budget that went from its short window before it until its end. */
  budgetSpent: number;
}

/** A pause that is shorter does not make two alerts of one. */
const pauseMs = 5 * minuteMs;

/** Sums from the beginning to each step; what is unknown adds nothing. */
function runningSum(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (const [index, value] of values.entries()) {
    sums[index + 1] = (sums[index] as number) + (Number.isNaN(value) ? 0 : value);
  }
  return sums;
}

/** How many bad events the whole window of an SLO may hold at the traffic of a time; 0 without any. */
export function allowedBad({ window, target }: SloDefinition, total: number, knownMs: number): number {
  return knownMs > 0 ? (total / knownMs) * nominalDays(window) * dayMs * (1 - target) : 0;
}

/**
 * When each burn-rate alert would have fired since `sinceMs`: its rule's own condition, step by step. Columns begin
 * earlier, so that long windows are filled.
 */
export function replay(definition: SloDefinition, columns: ReplayColumns, sinceMs: number, allowed: number): Firing[] {
  const { fromMs, stepMs, bad, total } = columns;
  const [bads, totals] = [runningSum(bad), runningSum(total)];
  const sumsOver = (end: number, windowMs: number) => {
    const begin = Math.max(0, end - Math.max(1, Math.round(windowMs / stepMs)));
    return {
      bad: (bads[end] as number) - (bads[begin] as number),
      total: (totals[end] as number) - (totals[begin] as number),
    };
  };
  const first = Math.max(1, Math.ceil((sinceMs - fromMs) / stepMs));
  return tiersOf(definition).flatMap((tier) => {
    const threshold = tier.factor * (1 - definition.target);
    const isOver = ({ bad, total }: { bad: number; total: number }) => total > 0 && bad / total > threshold;
    const spans: { from: number; to: number }[] = [];
    for (let end = first; end <= bad.length; end++) {
      const long = sumsOver(end, tier.longMs);
      if (!isOver(long) || long.bad < definition.alerting.minFailures || !isOver(sumsOver(end, tier.shortMs))) continue;
      const last = spans.at(-1);
      if (last && (end - last.to) * stepMs <= Math.max(pauseMs, stepMs)) last.to = end;
      else spans.push({ from: end, to: end });
    }
    return spans.map(({ from, to }): Firing => {
      const before = Math.max(0, from - Math.round(tier.shortMs / stepMs));
      const spent = (bads[to] as number) - (bads[before] as number);
      return {
        tier,
        fromMs: fromMs + from * stepMs,
        toMs: to === bad.length ? null : fromMs + (to + 1) * stepMs,
        budgetSpent: allowed > 0 ? spent / allowed : 0,
      };
    });
  });
}

/** Firings of one severity as a person is called: those that overlap are one. */
export function calls(firings: readonly Firing[], severity: BurnTier['severity']): Omit<Firing, 'tier'>[] {
  const merged: Omit<Firing, 'tier'>[] = [];
  const sorted = firings.filter(({ tier }) => tier.severity === severity).sort((a, b) => a.fromMs - b.fromMs);
  for (const { fromMs, toMs, budgetSpent } of sorted) {
    const last = merged.at(-1);
    if (!last || (last.toMs !== null && fromMs > last.toMs + pauseMs)) merged.push({ fromMs, toMs, budgetSpent });
    else {
      last.toMs = last.toMs === null || toMs === null ? null : Math.max(last.toMs, toMs);
      last.budgetSpent = Math.max(last.budgetSpent, budgetSpent);
    }
  }
  return merged;
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = 'January February March April May June July August September October November December'.split(' ');
const mostListed = 5;

function span({ fromMs, toMs, budgetSpent }: Omit<Firing, 'tier'>, nowMs: number): string {
  const clock = (ms: number) => new Date(ms).toISOString().slice(11, 16);
  const day = (ms: number) => {
    const at = new Date(ms);
    return nowMs - ms < 6 * dayMs ? `${weekdays[at.getUTCDay()]}` : `${at.getUTCDate()} ${months[at.getUTCMonth()]}`;
  };
  const sameDay = toMs !== null && Math.floor(fromMs / dayMs) === Math.floor(toMs / dayMs);
  const until = toMs === null ? 'until now' : `to ${sameDay ? '' : `${day(toMs)} `}${clock(toMs)}`;
  return `${day(fromMs)} ${clock(fromMs)} ${until} (${percent(budgetSpent)} of the budget)`;
}

const often = (times: number) => (times === 1 ? 'once' : times === 2 ? 'twice' : `${times} times`);

/**
 * What the replay shows: `Would have paged 3 times in the last 7 days: Tuesday 14:02 to 14:31 (3.1 % of the budget), …`
 * Times are in UTC.
 */
export function replaySentences(
  definition: SloDefinition,
  firings: readonly Firing[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
  figures: SloPreview['figures'],
): string[] {
  const days = Math.round((toMs - fromMs) / dayMs);
  const past =
    days > 1 ? `the last ${days} days` : `the last ${Math.max(1, Math.round((toMs - fromMs) / 3_600_000))} hours`;
  const tiers = tiersOf(definition);
  const sentences: string[] = [];
  const tell = (severity: BurnTier['severity'], did: string, not: string) => {
    if (!tiers.some((tier) => tier.severity === severity)) return;
    const found = calls(firings, severity);
    if (found.length === 0) return void sentences.push(`Would not have ${not} in ${past}.`);
    const listed = found.slice(-mostListed).map((one) => span(one, toMs));
    const earlier = found.length > mostListed ? `; ${found.length - mostListed} earlier` : '';
    sentences.push(
      `Would have ${did} ${often(found.length)} in ${past}: ${listed.join(', ')}${earlier}. Times are in UTC.`,
    );
  };
  tell('page', 'paged', 'paged');
  tell('ticket', 'opened a ticket', 'opened a ticket');
  if (tiers.length === 0) sentences.push('There are no burn-rate alerts: only missing data is told.');
  if (figures?.sli != null && figures.budgetLeft !== null) {
    const left =
      figures.budgetLeft >= 0
        ? `${percent(figures.budgetLeft)} is left`
        : `it is overspent by ${percent(-figures.budgetLeft)}`;
    sentences.push(
      `Over its window ${Number((figures.sli * 100).toPrecision(6))} % of events were good, the objective is ${Number((definition.target * 100).toPrecision(8))} %: of the ${budgetOf(definition.window)} ${left}.`,
    );
  }
  return sentences;
}
