import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { figuresOf } from '../testing/summary.ts';
import { burnDownOf, crossingOf, gapsOf, gridTimes, lastOf, sliFloor } from './slo-series.ts';

const hour = 3_600_000;
const start = Date.parse('2026-11-21T00:00:00Z');
const iso = (ms: number) => new Date(ms).toISOString();
const grid = (steps: number) => ({ from: iso(start), to: iso(start + steps * hour), stepMs: hour });

describe('the burn-down', () => {
  const window = { from: iso(start), until: iso(start + 4 * hour), endsAt: iso(start + 4 * hour) };

  it('begins with all and ends with what the figures say', () => {
    const figures = figuresOf({ ...window, bad: 50, allowedBad: 100, budgetLeft: 0.5 });
    const down = burnDownOf({ grid: grid(4), bad: [10, null, 0, 40] }, figures);
    expect(down?.left).toEqual([1, 0.9, 0.9, 0.9, 0.5]);
    expect(down?.ideal).toEqual([1, 0.75, 0.5, 0.25, 0]);
    expect(down?.times.at(-1)).toBe(start + 4 * hour);
  });

  it('goes below zero when more is spent than there was', () => {
    const figures = figuresOf({ ...window, bad: 150, allowedBad: 100, budgetLeft: -0.5 });
    expect(lastOf(burnDownOf({ grid: grid(4), bad: [0, 0, 0, 150] }, figures)?.left ?? [])).toBe(-0.5);
  });

  it('leaves the rest of a calendar window open, with the ideal line to its end', () => {
    const figures = figuresOf({ ...window, endsAt: iso(start + 8 * hour), bad: 20, allowedBad: 100, budgetLeft: 0.8 });
    const down = burnDownOf({ grid: grid(4), bad: [5, 5, 5, 5] }, figures);
    expect(down?.left.at(-1)).toBeNull();
    expect(down?.times.at(-1)).toBe(start + 8 * hour);
    expect(down?.ideal.at(-1)).toBe(0);
    expect(down?.ideal[4]).toBe(0.5);
  });

  it('counts failures of unknown time, so that the end agrees', () => {
    const figures = figuresOf({ ...window, bad: 60, allowedBad: 100, budgetLeft: 0.4 });
    expect(lastOf(burnDownOf({ grid: grid(4), bad: [10, 10, 10, 0] }, figures)?.left ?? [])).toBeCloseTo(0.4, 9);
  });

  it('is not there without events', () => {
    expect(burnDownOf({ grid: grid(1), bad: [null] }, figuresOf({ budgetLeft: null, allowedBad: 0 }))).toBeNull();
  });

  it('never rises, and always ends at the figures', () => {
    const bad = fc.array(fc.option(fc.integer({ min: 0, max: 1000 })), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(bad, fc.integer({ min: 1, max: 10_000 }), (steps, allowedBad) => {
        const spent = steps.reduce<number>((sum, one) => sum + (one ?? 0), 0);
        const until = iso(start + steps.length * hour);
        const figures = figuresOf({ until, endsAt: until, bad: spent, allowedBad, budgetLeft: 1 - spent / allowedBad });
        const { left } = burnDownOf({ grid: grid(steps.length), bad: steps }, figures) ?? { left: [] };
        expect(lastOf(left)).toBeCloseTo(1 - spent / allowedBad, 6);
        for (let i = 1; i < left.length; i++) expect(left[i] as number).toBeLessThanOrEqual(left[i - 1] as number);
      }),
    );
  });
});

describe('the axis of an SLI', () => {
  it.each([
    [[0.9999, 1], 0.999, 0.998],
    [[0.99, 1], 0.999, 0.99],
    [[0.2, 1], 0.99, 0.2],
    [[null], 0.95, 0.9],
    [[0], 0.9, 0],
  ])('of %o at %d begins at %d', (sli, target, floor) => expect(sliFloor(sli, target)).toBeCloseTo(floor, 9));

  it('lies below everything that is drawn', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }),
        fc.double({ min: 0.5, max: 0.99999, noNaN: true }),
        (sli, target) => {
          const floor = sliFloor(sli, target);
          expect(floor).toBeLessThanOrEqual(Math.min(target, ...sli) + 1e-9);
          expect(floor).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

describe('a forecast', () => {
  it('crosses a level between its points', () => {
    expect(crossingOf({ grid: grid(3) }, [0.5, 0.3, 0.1], 0.2)).toBe(start + 1.5 * hour);
    expect(crossingOf({ grid: grid(3) }, [0.1, 0], 0.25)).toBe(start);
    expect(crossingOf({ grid: grid(3) }, [0.5, 0.4], 0.25)).toBeNull();
  });
});

it('joins gaps that meet', () => {
  expect(gapsOf({ grid: grid(6), coverage: [1, 0.5, 0, 1, null, 0.9] })).toEqual([
    [start + hour, start + 3 * hour],
    [start + 5 * hour, start + 6 * hour],
  ]);
  expect(gridTimes(grid(2))).toEqual([start, start + hour]);
});
