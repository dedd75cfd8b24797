import { describe, expect, test } from 'vitest';
import { bucketMs } from './grid.ts';
import { cellsFor, sliceObjection, slicesOf, toBuckets } from './slices.ts';

const minute = 60_000;
const counts = (good: number[], total: number[]) => ({
  good: Float64Array.from(good),
  total: Float64Array.from(total),
});

test.each([
  [minute, true],
  [30_000, true],
  [bucketMs, true],
  [3 * bucketMs, true],
  [60 * minute, true],
  [7 * minute, false],
  [45_000, false],
  [5_000, false],
  [120 * minute, false],
])('slices of %d ms are booked: %s', (sliceMs, isBooked) => {
  expect(sliceObjection(sliceMs) === null).toBe(isBooked);
});

describe('slices', () => {
  test('shorter than a bucket are that many events of it', () => {
    const slicing = { sliceMs: minute, target: 0.99 };
    const cells = cellsFor({ fromMs: 0, toMs: bucketMs }, slicing);
    const slices = slicesOf(counts([100, 99, 98, 0, 0], [100, 100, 100, 0, 7]), cells, slicing);
    const { good, total } = toBuckets(slices, cells, 0);
    // The idle minute is none.
    expect([[...good], [...total]]).toEqual([[2], [4]]);
  });

  test('longer than a bucket are booked in the last one', () => {
    const slicing = { sliceMs: 3 * bucketMs, target: 0.9 };
    const span = { fromMs: 4 * bucketMs, toMs: 6 * bucketMs };
    const cells = cellsFor(span, slicing);
    expect(cells.fromMs).toBe(3 * bucketMs);
    const slices = slicesOf(counts([10, 10, 7], [10, 10, 10]), cells, slicing);
    const { good, total } = toBuckets(slices, cells, span.fromMs);
    expect([[...good], [...total]]).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  test('that are not over yet are not booked', () => {
    const slicing = { sliceMs: 3 * bucketMs, target: 0.9 };
    const cells = cellsFor({ fromMs: 0, toMs: 2 * bucketMs }, slicing);
    expect([...slicesOf(counts([1, 1], [1, 1]), cells, slicing).total]).toEqual([0, 0]);
  });

  test('without a target count with their share', () => {
    const slicing = { sliceMs: bucketMs, target: null };
    const cells = cellsFor({ fromMs: 0, toMs: bucketMs }, slicing);
    expect(slicesOf(counts([75], [100]), cells, slicing)).toMatchObject(counts([0.75], [1]));
  });

  test('that just reach their target are good', () => {
    const slicing = { sliceMs: bucketMs, target: 0.7 };
    const cells = cellsFor({ fromMs: 0, toMs: bucketMs }, slicing);
    expect([...slicesOf(counts([0.7 * 3], [3]), cells, slicing).good]).toEqual([1]);
  });
});
