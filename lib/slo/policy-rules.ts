import type { FieldError } from '#lib/core/errors.ts';
import type { PolicyStep } from './schemas.ts';

/**
 * The step in force with so much of the budget left (1 is all, below 0 is overspent): the first whose `from` is
 * exceeded, so that exactly a half left is the step below a half. null where what is left is unknown.
 */
export function stepFor(steps: readonly PolicyStep[], budgetLeft: number | null): PolicyStep | null {
  if (budgetLeft === null || Number.isNaN(budgetLeft)) return null;
  // Sums of buckets carry the noise of binary fractions; an edge must not depend on it.
  const left = Math.round(budgetLeft * 1e9) / 1e9;
  return steps.find(({ from }) => from === null || left > from) ?? null;
}

/** What is wrong with the steps of a policy, by field: every budget, full or overspent, must have exactly one step. */
export function policyProblems(steps: readonly PolicyStep[]): FieldError[] {
  const problems: FieldError[] = [];
  const problem = (path: string, code: string, message: string) => problems.push({ path, code, message });
  const last = steps.length - 1;
  for (const [index, { from, name }] of steps.entries()) {
    const before = steps[index - 1];
    const path = `steps[${index}].from`;
    if (index === last && from !== null) {
      problem(path, 'no_end', 'must be null: the last step is the one for when nothing is left');
    } else if (index < last && from === null) {
      problem(path, 'early_end', 'may be null only in the last step, which holds when nothing is left');
    } else if (from === 1) {
      problem(path, 'unreachable', 'must be below 1: more than all of the budget is never left');
    } else if (from !== null && before && before.from !== null && from >= before.from) {
      problem(path, 'order', `must be below ${before.from}, that of the step before`);
    } else if (index === last && before && before.from !== null && before.from > 0) {
      const hole = `nothing says what holds while 0 to ${percent(before.from)} is left`;
      problem(`steps[${index - 1}].from`, 'gap', `must be 0 in the step before the last: else ${hole}`);
    }
    if (steps.findIndex((other) => sameName(other.name, name)) < index) {
      problem(`steps[${index}].name`, 'twice', `“${name}” stands twice: give each step its own name`);
    }
  }
  if (steps.length === 1) problem('steps', 'too_small', 'must have a step for while budget is left, and one after');
  return problems;
}

const sameName = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();
const percent = (share: number) => `${Number((share * 100).toPrecision(6))} %`;

const severity = { none: 0, warn: 1, block: 2 } as const;

interface InForce {
  step: PolicyStep | null;
  budgetLeft: number | null;
}

/** Worst first: what blocks, what warns, what is not known, the rest; within each by what is left. */
export function byWorstStep(a: InForce, b: InForce): number {
  const weight = ({ step }: InForce) => (step === null ? 0.5 : severity[step.effect]);
  return weight(b) - weight(a) || (a.budgetLeft ?? 2) - (b.budgetLeft ?? 2);
}
