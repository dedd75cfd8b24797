import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logAxis, logScale } from './scatter-scale.ts';

describe('a logarithmic scale', () => {
  const y = logScale([10, 1000], [200, 0]);
  it('gives each factor of ten the same room', () => {
    expect(y(10)).toBe(200);
    expect(y(100)).toBeCloseTo(100);
    expect(y(1000)).toBeCloseTo(0);
  });
  it('puts what has no logarithm at the start', () => {
    expect([y(0), y(-5), y(Number.NaN)]).toEqual([200, 200, 200]);
  });
  it('reads back what it maps', () => {
    fc.assert(
      fc.property(fc.double({ min: 10, max: 1000, noNaN: true }), (value) => {
        expect(y.invert(y(value)) / value).toBeCloseTo(1, 6);
      }),
    );
  });
  it('does not divide by an empty domain', () => {
    expect(logScale([5, 5], [0, 100])(5)).toBe(0);
    expect(logScale([5, 50], [7, 7]).invert(7)).toBeCloseTo(5);
  });
});

describe('a logarithmic axis', () => {
  it.each([
    [53, 2_000, 7, [30, 100, 300, 1000, 3000]],
    [120, 180, 7, [100, 200]],
    [100, 900, 7, [100, 200, 500, 1000]],
    [0.2, 1_300, 7, [0.1, 1, 10, 100, 1000]],
    [0.02, 4_000, 5, [0.01, 1, 100, 10_000]],
    [800, 70_000, 7, [300, 1000, 3000, 10_000, 30_000, 100_000]],
    [30_000, 200_000, 7, [20_000, 60_000, 120_000, 300_000]],
  ])('from %d to %d, at most %d, has the ticks %o', (min, max, most, ticks) =>
    expect(logAxis(min, max, most, true).ticks).toEqual(ticks),
  );

  it('does not leave most of its last power empty', () => {
    expect(logAxis(0.2, 1_300, 7, true).domain).toEqual([0.1, 3_000]);
  });
  it('contains the values, and ascending ticks, no more than asked for', () => {
    const value = fc.double({ min: 1e-6, max: 8e7, noNaN: true });
    fc.assert(
      fc.property(value, value, fc.integer({ min: 3, max: 9 }), fc.boolean(), (a, b, most, isTime) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const { domain, ticks } = logAxis(low, high, most, isTime);
        expect(domain[0]).toBeLessThanOrEqual(low * (1 + 1e-8));
        expect(domain[1]).toBeGreaterThanOrEqual(high * (1 - 1e-8));
        expect(ticks.length).toBeGreaterThanOrEqual(1);
        expect(ticks.length).toBeLessThanOrEqual(most);
        expect(ticks.every((tick) => tick >= domain[0] && tick <= domain[1])).toBe(true);
        expect(ticks).toEqual([...new Set(ticks)].sort((x, y) => x - y));
      }),
    );
  });
  it('stands where there is nothing to measure', () => {
    expect(logAxis(0, 0, 5).domain).toEqual([1, 2]);
    expect(logAxis(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5).ticks).toEqual([1, 2]);
  });
});
