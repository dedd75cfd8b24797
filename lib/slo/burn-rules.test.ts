import { describe, expect, test } from 'vitest';
import { budgetShare, defaultTiers, isReachable } from './burn-rules.ts';

const rolling = (days: number) => ({ kind: 'rolling', days }) as const;
const factors = (days: number) => defaultTiers(rolling(days)).map(({ factor }) => factor);

describe('burn-rate tiers', () => {
  test.each([
    [30, [14.4, 6, 3, 1]],
    [28, [13.44, 5.6, 2.8, (0.1 * 28) / 3]],
    [7, [14.4, 6, 3, 1]],
    [90, [14.4, 6, 3, 1]],
  ])('of %d days have the factors of the SRE workbook', (days, expected) => {
    for (const [index, factor] of factors(days).entries()) expect(factor).toBeCloseTo(expected[index] as number, 9);
  });

  test('do not exist below a week', () => {
    expect(factors(6)).toEqual([]);
  });

  test('say which share of the budget they stand for', () => {
    const [fast] = defaultTiers(rolling(7));
    expect(budgetShare(fast as never, rolling(7))).toBeCloseTo(0.0857142857, 9);
    const shares = defaultTiers(rolling(30)).map((tier) => budgetShare(tier, rolling(30)));
    expect(shares).toEqual([0.02, 0.05, 0.1, 0.1]);
  });

  test('are out of reach where even total failure burns more slowly', () => {
    const [fast] = defaultTiers(rolling(30));
    expect(isReachable(fast as never, 0.93)).toBe(false);
    expect(isReachable(fast as never, 0.95)).toBe(true);
  });
});
