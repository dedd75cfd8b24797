import { describe, expect, it } from 'vitest';
import { budgetLook, budgetStanding, leftText, worstBudgets } from './budget.ts';

const slo = (service: string, name: string, budgetLeft: number | null) => ({
  service,
  name,
  displayName: name,
  state: 'ok' as const,
  figures:
    budgetLeft === null
      ? null
      : {
          from: '',
          until: '',
          endsAt: '',
          good: 1,
          bad: 0,
          total: 1,
          sli: 1,
          allowedBad: 1,
          budgetLeft,
          coverage: 1,
          approximate: false,
        },
});

describe('worstBudgets', () => {
  it('takes the SLO with the least budget left, and counts the others', () => {
    const worst = worstBudgets([slo('payment', 'a', 0.4), slo('payment', 'b', -0.1), slo('payment', 'c', 0.9)]);
    expect(worst.get('payment')).toMatchObject({ slo: { name: 'b' }, left: -0.1, count: 3 });
  });

  it('lets one that is not known stand for a service only when there is no other', () => {
    expect(worstBudgets([slo('a', 'x', null), slo('a', 'y', 1)]).get('a')?.slo.name).toBe('y');
    expect(worstBudgets([slo('a', 'y', 1), slo('a', 'x', null)]).get('a')?.slo.name).toBe('y');
    expect(worstBudgets([slo('a', 'x', null)]).get('a')).toMatchObject({ left: null, count: 1 });
  });
});

it.each([
  [-0.2, 'scarce', 'none left'],
  [0, 'scarce', 'none left'],
  [0.004, 'scarce', '0.4 % left'],
  [0.25, 'low', '25 % left'],
  [0.38, 'low', '38 % left'],
  [0.5, 'fine', '50 % left'],
  [1, 'fine', '100 % left'],
] as const)('%f looks %s and reads %s', (left, look, text) => {
  const budget = { slo: slo('a', 'x', left), left, count: 1 };
  expect(budgetLook(budget)).toBe(look);
  expect(leftText(left)).toBe(text);
  expect(budgetStanding({ kind: 'service' }, budget).word).toBe(text);
});

it('says in words where there is no budget', () => {
  expect(budgetStanding({ kind: 'service' }, undefined)).toEqual({ status: 'idle', word: 'no SLO' });
  expect(budgetStanding({ kind: 'database' }, undefined).word).toBe('not measured');
  const unknown = { slo: slo('a', 'x', null), left: null, count: 1 };
  expect(budgetStanding({ kind: 'service' }, unknown)).toEqual({ status: 'nodata', word: 'budget not known' });
});
