import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budgetLineOf, crossingOf, gridTimes, quietKind, sliFloor } from './slo-series.ts';

const hour = 3_600_000;
const start = Date.parse('2026-11-21T00:00:00Z');
const iso = (ms: number) => new Date(ms).toISOString();
const grid = (steps: number) => ({ from: iso(start), to: iso(start + steps * hour), stepMs: hour });

describe('the line of the budget', () => {
  it('begins with all of a window and has a value at the end of each step', () => {
    const line = budgetLineOf({ grid: grid(3), budgetLeft: [0.9, 0.5, null], ideal: [0.75, 0.5, 0.25] }, true);
    expect(line?.times).toEqual([start, start + hour, start + 2 * hour, start + 3 * hour]);
    expect(line?.left).toEqual([1, 0.9, 0.5, null]);
    expect(line?.ideal).toEqual([1, 0.75, 0.5, 0.25]);
  });

  it('begins wherever the budget was when the range cuts windows', () => {
    const line = budgetLineOf({ grid: grid(2), budgetLeft: [0.4, -0.2], ideal: [null, null] }, false);
    expect(line).toEqual({ times: [start + hour, start + 2 * hour], left: [0.4, -0.2], ideal: null });
  });

  it('is not there without events', () => {
    expect(budgetLineOf({ grid: grid(1), budgetLeft: [null], ideal: [0.5] }, true)).toBeNull();
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

it('has a time for the beginning of each step', () => {
  expect(gridTimes(grid(2))).toEqual([start, start + hour]);
  expect(gridTimes(grid(2), 1)).toEqual([start]);
});

it('tells silence that was measured from nothing measured', () => {
  expect(quietKind({ coverage: [null, 0, 0.4] })).toBe('noTraffic');
  expect(quietKind({ coverage: [null, 0] })).toBe('noData');
});
