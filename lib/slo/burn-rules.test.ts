import { describe, expect, test } from 'vitest';
import {
  budgetShare,
  defaultTiers,
  isReachable,
  reachableTier,
  recordedMetric,
  recordedWindows,
  windowName,
} from './burn-rules.ts';

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

  test('are offered so that nine failures of ten reach them', () => {
    const [fast] = defaultTiers(rolling(30)) as [never];
    expect(reachableTier(fast, 0.9)).toMatchObject({ factor: 9, longMs: 3_600_000 });
    expect(reachableTier(fast, 0.5)).toMatchObject({ factor: 1.8 });
    expect(reachableTier(fast, 0.999)).toBe(fast);
    expect(reachableTier(fast, 0.05)).toBeNull();
    for (const target of [0.2, 0.6, 0.8, 0.9, 0.93]) {
      expect(isReachable(reachableTier(fast, target) as never, target)).toBe(true);
    }
  });
});

describe('recorded windows', () => {
  test('are the usual ones and those of the tiers of an SLO', () => {
    const own = [{ severity: 'page', longMs: 5_400_000, shortMs: 300_000, factor: 10 } as const];
    const alerting = { tiers: own, minFailures: 0, absentPages: null };
    const windows = recordedWindows({ window: rolling(30), alerting: { ...alerting, tiers: [...own] } });
    expect(windows.map(windowName)).toEqual(['5m', '30m', '1h', '90m', '2h', '6h', '1d', '3d']);
  });

  test('name their series', () => {
    expect(recordedMetric('bad', 259_200_000)).toBe('slo:sli_bad:rate3d');
    expect(recordedMetric('total', 300_000)).toBe('slo:sli_total:rate5m');
    expect(windowName(45_000)).toBe('45s');
  });
});
