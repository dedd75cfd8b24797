import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketGrid } from './grid.ts';

const ms = (n: number) => BigInt(n) * 1_000_000n;

test('buckets are whole, round, cover the range and are hardly more than asked for', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2_000_000_000_000 }),
      fc.integer({ min: 1, max: 400 * 86_400_000 }),
      fc.integer({ min: 1, max: 500 }),
      (fromMs, lengthMs, buckets) => {
        const grid = bucketGrid({ fromNs: ms(fromMs), toNs: ms(fromMs + lengthMs) }, buckets);
        expect(grid.fromMs % grid.stepMs).toBe(0);
        expect(grid.fromMs).toBeLessThanOrEqual(fromMs);
        expect(grid.fromMs + grid.count * grid.stepMs).toBeGreaterThanOrEqual(fromMs + lengthMs);
        expect(grid.fromMs + (grid.count - 1) * grid.stepMs).toBeLessThan(fromMs + lengthMs);
        expect(grid.count).toBeLessThanOrEqual(buckets + 1);
      },
    ),
  );
});

test.each([
  [3_600_000, 60, 60_000],
  [3_600_000, 90, 60_000],
  [900_000, 90, 10_000],
  [86_400_000, 90, 1_800_000],
  [10_000, 90, 200],
])('%d ms in %d buckets are of %d ms', (length, buckets, stepMs) => {
  expect(bucketGrid({ fromNs: 0n, toNs: ms(length) }, buckets).stepMs).toBe(stepMs);
});
