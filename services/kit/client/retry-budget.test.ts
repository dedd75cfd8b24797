import fc from 'fast-check';
import { expect, it } from 'vitest';
import { backoffMs, RetryBudget } from './retry-budget.ts';

it('lets a share of the calls be retried, beyond a reserve', () => {
  const budget = new RetryBudget(0.5, 2);
  expect([budget.withdraw(), budget.withdraw(), budget.withdraw()]).toEqual([true, true, false]);
  budget.deposit();
  expect(budget.withdraw()).toBe(false);
  budget.deposit();
  expect(budget.withdraw()).toBe(true);
});

it('never allows more retries than the reserve and the share', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 400 }), (events) => {
      const budget = new RetryBudget(0.2, 10);
      let calls = 0;
      let retries = 0;
      for (const isCall of events) {
        if (isCall) {
          calls += 1;
          budget.deposit();
        } else if (budget.withdraw()) retries += 1;
      }
      expect(retries).toBeLessThanOrEqual(10 + calls * 0.2 + 1e-9);
    }),
  );
});

it('waits anything up to a bound that doubles until its maximum', () => {
  expect([1, 2, 3, 4, 50].map((attempt) => backoffMs(attempt, 100, 500, () => 1))).toEqual([100, 200, 400, 500, 500]);
  expect(backoffMs(3, 100, 500, () => 0)).toBe(0);
});
