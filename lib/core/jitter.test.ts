import { expect, test } from 'vitest';
import { withJitter } from './jitter.ts';

test('stays within a tenth of what was asked for, and differs from time to time', () => {
  const next = withJitter(5_000);
  const times = Array.from({ length: 200 }, next);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(4_500);
  expect(Math.max(...times)).toBeLessThanOrEqual(5_500);
  expect(new Set(times).size).toBeGreaterThan(10);
});
