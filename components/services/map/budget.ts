import type { SloSummary } from '#lib/slo/schemas.ts';
import type { MapNode } from '#lib/telemetry/map-schemas.ts';
import { formatPercent } from '../../charts/units.ts';
import type { Standing } from './map-model.ts';

/** The SLO of a service with the least budget left, and how many SLOs the service has. */
export interface WorstBudget {
  slo: Pick<SloSummary, 'name' | 'displayName' | 'state' | 'figures'>;
  /** Share that is left, below 0 once more than all is spent; null: not known. */
  left: number | null;
  count: number;
}

const quarter = 0.25;
const half = 0.5;
const leftOf = (slo: Pick<SloSummary, 'figures'>) => slo.figures?.budgetLeft ?? null;

/** The worst SLO of each service: the least budget left; one that is not known stands for a service only alone. */
export function worstBudgets(slos: readonly (WorstBudget['slo'] & { service: string })[]): Map<string, WorstBudget> {
  const worst = new Map<string, WorstBudget>();
  for (const slo of slos) {
    const left = leftOf(slo);
    const known = worst.get(slo.service);
    const isWorse = !known || (left !== null && (known.left === null || left < known.left));
    worst.set(
      slo.service,
      isWorse ? { slo, left, count: (known?.count ?? 0) + 1 } : { ...known, count: known.count + 1 },
    );
  }
  return worst;
}

/** What is left as people read it: `38 % left`, `none left`. */
export function leftText(left: number): string {
  if (left <= 0) return 'none left';
  return `${left < 0.1 ? formatPercent(left, 1) : formatPercent(left, 0)} left`;
}

export type BudgetLook = 'scarce' | 'low' | 'fine' | 'unknown' | 'none';

/** Which of the colours for budgets it has; services without an SLO and what is no service have none. */
export function budgetLook(budget: WorstBudget | undefined): BudgetLook {
  if (!budget) return 'none';
  if (budget.left === null) return 'unknown';
  return budget.left < quarter ? 'scarce' : budget.left < half ? 'low' : 'fine';
}

export const budgetLooks: Record<BudgetLook, Standing> = {
  scarce: { status: 'failing', word: 'under a quarter left' },
  low: { status: 'slow', word: 'under half left' },
  fine: { status: 'ok', word: 'half or more left' },
  unknown: { status: 'nodata', word: 'budget not known' },
  none: { status: 'idle', word: 'no SLO' },
};

/** How a node stands by its budget, as a shape and words. */
export function budgetStanding(node: Pick<MapNode, 'kind'>, budget: WorstBudget | undefined): Standing {
  const { status, word } = budgetLooks[budgetLook(budget)];
  if (!budget) return { status, word: node.kind === 'service' ? word : 'not measured' };
  return { status, word: budget.left === null ? word : leftText(budget.left) };
}
