import { describe, expect, it } from 'vitest';
import { chosenGrid } from './explore.ts';
import { exploreRangeQuery } from './params.ts';

const toMs = Date.UTC(2026, 10, 21, 14, 30, 7);
const hours = (count: number) => ({ fromMs: toMs - count * 3_600_000, toMs, widthPx: 600 });

describe('a step that a person chose', () => {
  it.each([
    ['15s', 15_000],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['1d', 86_400_000],
  ])('%s is read', (step, stepMs) => {
    expect(exploreRangeQuery.parse({ query: 'up', step }).step).toBe(stepMs);
  });
  it.each(['0s', '15', '1.5m', '-1m', '1w', ''])('%o is refused', (step) => {
    expect(exploreRangeQuery.safeParse({ query: 'up', step }).success).toBe(false);
  });
  it('begins and ends on the step', () => {
    const grid = chosenGrid(hours(1), 60_000);
    expect([grid.fromMs % 60_000, grid.toMs % 60_000, grid.toMs - grid.fromMs]).toEqual([0, 0, 3_600_000]);
  });
  it('is refused where it makes more points than the engine answers', () => {
    expect(() => chosenGrid(hours(24), 5_000)).toThrow(/17,281 points.*at most 11,000/);
    expect(chosenGrid(hours(24), 10_000).stepMs).toBe(10_000);
  });
});
