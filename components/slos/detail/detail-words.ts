import type { Indicator, SloDefinition, TierState } from '#lib/slo/schemas.ts';
import { formatSpan } from '../../ui/format-time.ts';

const comparison = { lt: 'below', lte: 'at most', gt: 'above', gte: 'at least' } as const;

/** What is promised, after the percentage: `of events are good`. */
export function kindOfPromise({
  indicator,
  budgeting,
  category,
}: Pick<SloDefinition, 'indicator' | 'budgeting' | 'category'>): string {
  if (budgeting.method === 'timeslices') return `of slices of ${formatSpan(budgeting.sliceMs)} are good`;
  if (budgeting.method === 'ratioTimeslices') return `good on average over slices of ${formatSpan(budgeting.sliceMs)}`;
  if (indicator.kind === 'threshold') return `of samples ${comparison[indicator.op]} ${indicator.value}`;
  if (indicator.kind === 'raw') return 'of what the expression measures is good';
  if (category === 'availability') return 'of requests answered without error';
  if (category === 'latency') return 'of requests answered in time';
  return 'of events are good';
}

/** What the budget is counted in: `failures`, `bad slices`. */
export function unitOfBudget({
  budgeting,
  indicator,
}: {
  budgeting: SloDefinition['budgeting'];
  indicator: Indicator;
}): string {
  if (budgeting.method !== 'occurrences') return 'bad slices';
  return indicator.kind === 'ratio' ? 'failures' : 'bad samples';
}

/** `1 h / 5 min`: the windows of an alert. */
export const tierWindows = ({ longMs, shortMs }: Pick<TierState, 'longMs' | 'shortMs'>): string =>
  `${formatSpan(longMs)} / ${formatSpan(shortMs)}`;

/** What time without figures counts as, as a sentence. */
export const gapSentence = {
  unknown: 'Unknown time is left out of the budget.',
  good: 'Unknown time counts as good, at the usual traffic.',
  bad: 'Unknown time counts as bad, at the usual traffic.',
} as const;
