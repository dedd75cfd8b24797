import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignGrid, fillGrid, gridFor, niceStepsMs, pointCount, rateWindowMs, stepFor } from './grid.ts';

const hour = 3_600_000;

describe('stepFor', () => {
  it.each([
    // range, width, scrape interval, step
    [hour, 600, 5_000, 15_000],
    [hour, 600, 15_000, 15_000],
    [hour, 600, 30_000, 30_000],
    [hour, 300, 5_000, 30_000],
    [15 * 60_000, 600, 5_000, 5_000],
    [24 * hour, 600, 5_000, 5 * 60_000],
    [7 * 24 * hour, 600, 15_000, hour],
    [30 * 24 * hour, 600, 15_000, 3 * hour],
    [400 * 24 * hour, 600, 15_000, 48 * hour],
    [0, 600, 5_000, 5_000],
  ])('%i ms on %i px scraped each %i ms: %i ms', (rangeMs, widthPx, scrapeIntervalMs, stepMs) => {
    expect(stepFor({ fromMs: 0, toMs: rangeMs, widthPx, scrapeIntervalMs })).toBe(stepMs);
  });

  it('is never shorter than the scrape interval, and never asks for more than one point per two pixels', () => {
    const ranges = fc.record({
      fromMs: fc.constant(1_700_000_000_000),
      toMs: fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
      widthPx: fc.integer({ min: 20, max: 5_000 }),
      scrapeIntervalMs: fc.constantFrom(1_000, 5_000, 15_000, 30_000, 60_000),
    });
    fc.assert(
      fc.property(ranges, (range) => {
        const grid = gridFor(range);
        expect(grid.stepMs).toBeGreaterThanOrEqual(range.scrapeIntervalMs);
        expect(pointCount(grid)).toBeLessThanOrEqual(Math.max(10, range.widthPx / 2) + 2);
        expect(grid.toMs).toBeLessThanOrEqual(range.toMs);
        expect(grid.toMs % grid.stepMs).toBe(0);
      }),
    );
  });
});

it('gives everyone within a step the same grid', () => {
  const at = (toMs: number) => gridFor({ fromMs: toMs - hour, toMs, widthPx: 600, scrapeIntervalMs: 15_000 });
  const edge = 1_700_000_010_000;
  expect(at(edge + 14_999)).toEqual(at(edge));
  expect(at(edge + 15_000)).not.toEqual(at(edge));
});

it('leaves gaps where samples are missing, and keeps NaN', () => {
  const grid = { fromMs: 1_000, toMs: 5_000, stepMs: 1_000 };
  const samples = [
    [1_000, 1],
    [2_001, Number.NaN],
    [5_000, 5],
    [9_000, 9],
  ] as const;
  expect(fillGrid(samples, grid)).toEqual([
    [1_000, 1],
    [2_000, Number.NaN],
    [3_000, null],
    [4_000, null],
    [5_000, 5],
  ]);
});

it('aligns an empty range to one point', () => {
  expect(pointCount(alignGrid({ fromMs: 1_500, toMs: 1_400, stepMs: 1_000 }))).toBe(1);
});

it('has readable steps in ascending order', () => {
  expect(niceStepsMs).toEqual([...niceStepsMs].sort((a, b) => a - b));
});

it('takes rates over four scrapes and a whole step', () => {
  expect(rateWindowMs(5_000)).toBe(60_000);
  expect(rateWindowMs(30_000)).toBe(120_000);
  expect(rateWindowMs(15_000, 300_000)).toBe(315_000);
});
