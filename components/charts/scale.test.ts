import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearScale, nearestIndex, roundStep, timeTicks, valueTicks } from './scale.ts';

describe('valueTicks', () => {
  it.each<[number, number, Parameters<typeof valueTicks>[2], number[]]>([
    [0, 41.2, undefined, [0, 20, 40, 60]],
    [0, 0.127, undefined, [0, 0.05, 0.1, 0.15]],
    [0, 2.42, undefined, [0, 1, 2, 3]],
    [0, 0, { floor: 0.001 }, [0, 0.00025, 0.0005, 0.00075, 0.001]],
    [0, 0, undefined, [0, 0.25, 0.5, 0.75, 1]],
    [-3, 5, undefined, [-4, -2, 0, 2, 4, 6]],
    [0, 2, { whole: true }, [0, 1, 2]],
    [0.995, 1, { min: 0.99 }, [0.99, 0.9925, 0.995, 0.9975, 1]],
  ])('from %d to %d with %o', (min, max, options, ticks) => expect(valueTicks(min, max, options)).toEqual(ticks));

  it('begins at zero, reaches the maximum and stays few', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (max) => {
        const ticks = valueTicks(0, max);
        expect(ticks[0]).toBe(0);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(max * (1 - 1e-9));
        expect(ticks.length).toBeLessThanOrEqual(6);
      }),
    );
  });
  it('stands on something even without a number', () => {
    expect(valueTicks(Number.NaN, Number.NaN).length).toBeGreaterThan(1);
  });
});

describe('roundStep', () => {
  it.each([
    [0.3, 0.5],
    [1, 1],
    [13, 20],
    [21, 25],
    [0, 1],
  ])('for at least %d is %d', (least, step) => expect(roundStep(least)).toBeCloseTo(step, 12));
});

describe('timeTicks', () => {
  const at = (h: number, m: number) => Date.UTC(2026, 10, 21, h, m);
  it('stand at quarters of an hour for an hour', () => {
    const { values, stepMs } = timeTicks(at(13, 31), at(14, 31), 5);
    expect(stepMs).toBe(900_000);
    expect(values).toEqual([at(13, 45), at(14, 0), at(14, 15), at(14, 30)]);
  });
  it('stand at midnight of the zone for days', () => {
    const offset = 3_600_000;
    const { values } = timeTicks(at(0, 0) - 3 * 86_400_000, at(0, 0), 4, offset);
    expect(values.every((t) => (t + offset) % 86_400_000 === 0)).toBe(true);
  });
  it('stand on Mondays for weeks', () => {
    const { values } = timeTicks(at(0, 0), at(0, 0) + 60 * 86_400_000, 10);
    expect(values.every((t) => new Date(t).getUTCDay() === 1)).toBe(true);
  });
  it('are never more than asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10_000, max: 5e10 }), fc.integer({ min: 2, max: 12 }), (span, most) => {
        expect(timeTicks(at(0, 0), at(0, 0) + span, most).values.length).toBeLessThanOrEqual(most + 1);
      }),
    );
  });
});

describe('linearScale', () => {
  it('turns round', () => {
    const x = linearScale([100, 200], [10, 60]);
    expect(x(150)).toBe(35);
    expect(x.invert(35)).toBe(150);
  });
  it('does not divide by nothing', () => expect(linearScale([5, 5], [0, 10])(5)).toBe(0));
});

describe('nearestIndex', () => {
  it('finds what a scan finds', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 1 }), fc.integer(), (numbers, at) => {
        const sorted = numbers.toSorted((a, b) => a - b);
        const found = Math.abs((sorted[nearestIndex(sorted, at)] as number) - at);
        expect(found).toBe(Math.min(...sorted.map((n) => Math.abs(n - at))));
      }),
    );
  });
  it('finds nothing in nothing', () => expect(nearestIndex([], 1)).toBe(-1));
});
