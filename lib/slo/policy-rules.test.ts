import { describe, expect, test } from 'vitest';
import { byWorstStep, policyProblems, stepFor } from './policy-rules.ts';
import type { PolicyStep } from './schemas.ts';

const step = (name: string, from: number | null, effect: PolicyStep['effect'] = 'none'): PolicyStep => ({
  name,
  from,
  effect,
  message: 'What follows.',
  tell: [],
});
const steps = [
  step('free', 0.5),
  step('careful', 0.25, 'warn'),
  step('slow', 0, 'warn'),
  step('frozen', null, 'block'),
];

describe('the step in force', () => {
  test.each([
    [1, 'free'],
    [0.500001, 'free'],
    [0.5, 'careful'],
    [0.1 + 0.2 + 0.2, 'careful'],
    [0.250001, 'careful'],
    [0.25, 'slow'],
    [0.0001, 'slow'],
    [1e-16, 'frozen'],
    [0, 'frozen'],
    [-0, 'frozen'],
    [-3.2, 'frozen'],
    [Number.NEGATIVE_INFINITY, 'frozen'],
  ])('with %d left is “%s”', (left, name) => {
    expect(stepFor(steps, left)?.name).toBe(name);
  });

  test.each([null, Number.NaN])('is unknown where what is left is %s', (left) => {
    expect(stepFor(steps, left)).toBeNull();
  });
});

describe('the steps of a policy', () => {
  test('are right as they come', () => {
    expect(policyProblems(steps)).toEqual([]);
    expect(policyProblems([step('free', 0), step('frozen', null)])).toEqual([]);
  });

  test.each<[string, PolicyStep[], string[]]>([
    ['no end', [step('a', 0.5), step('b', 0)], ['steps[1].from no_end']],
    ['two ends', [step('a', 0), step('b', null), step('c', null)], ['steps[1].from early_end']],
    ['an end first', [step('a', null), step('b', 0)], ['steps[0].from early_end', 'steps[1].from no_end']],
    ['a rise', [step('a', 0.2), step('b', 0.5), step('c', 0), step('d', null)], ['steps[1].from order']],
    ['the same twice', [step('a', 0.5), step('b', 0.5), step('c', 0), step('d', null)], ['steps[1].from order']],
    ['a hole at the bottom', [step('a', 0.25), step('b', null)], ['steps[0].from gap']],
    ['a step that never holds', [step('a', 1), step('b', 0), step('c', null)], ['steps[0].from unreachable']],
    ['one name twice', [step('Free', 0), step(' free', null)], ['steps[1].name twice']],
    ['the end alone', [step('a', null)], ['steps too_small']],
  ])('are refused with %s', (_, wrong, problems) => {
    expect(policyProblems(wrong).map(({ path, code }) => `${path} ${code}`)).toEqual(problems);
  });
});

test('what blocks comes first, then what warns, what is not known and the rest', () => {
  const inForce = [0.9, null, 0.3, 0.1, -1, -2].map((budgetLeft) => ({ budgetLeft, step: stepFor(steps, budgetLeft) }));
  expect(inForce.toSorted(byWorstStep).map(({ budgetLeft }) => budgetLeft)).toEqual([-2, -1, 0.1, 0.3, null, 0.9]);
});
