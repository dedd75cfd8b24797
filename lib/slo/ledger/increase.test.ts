import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RawSample } from './grid.ts';
import { type CounterSeries, increases, settle } from './increase.ts';

const cells = { fromMs: 0, toMs: 1_200_000, cellMs: 300_000 };
const series = (samples: RawSample[], more: Partial<CounterSeries> = {}): CounterSeries => ({
  samples,
  before: null,
  newborn: false,
  ...more,
});
const count = (...all: CounterSeries[]) => [...increases(all, cells)];

describe('events of a counter', () => {
  test('belong to the cell that holds the later sample', () => {
    expect(
      count(
        series([
          [-15_000, 10],
          [0, 12],
          [299_999, 15],
          [300_000, 16],
          [1_199_999, 20],
          [1_200_000, 99],
        ]),
      ),
    ).toEqual([5, 1, 0, 4]);
  });

  test('are counted across a gap where the series comes back', () => {
    expect(
      count(
        series([
          [10_000, 100],
          [910_000, 700],
        ]),
      ),
    ).toEqual([0, 0, 0, 600]);
  });

  test('after a reset count in full', () => {
    expect(
      count(
        series([
          [10_000, 1_000],
          [20_000, 7],
          [30_000, 9],
        ]),
      ),
    ).toEqual([9, 0, 0, 0]);
  });

  test.each([
    ['an old counter that nobody knows', {}, 0],
    ['a newborn one', { newborn: true }, 5_000],
    ['one whose last value is known', { before: 4_990 }, 10],
    ['one that began again since its last value', { before: 6_000 }, 5_000],
  ])('of the first sample: %s', (_, more, expected) => {
    expect(count(series([[400_000, 5_000]], more))[1]).toBe(expected);
  });

  test('are not made of NaN, and not taken away by it', () => {
    expect(
      count(
        series([
          [0, 5],
          [1, Number.NaN],
          [2, 8],
        ]),
      ),
    ).toEqual([3, 0, 0, 0]);
  });

  test('are as many as happened, whatever the resets, wherever the scrapes', () => {
    const step = fc.record({
      gapMs: fc.integer({ min: 1, max: 200_000 }),
      events: fc.integer({ min: 0, max: 1_000_000 }),
      isReset: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 0, max: 1_000 }), (steps, first) => {
        const wanted = [0, 0, 0, 0];
        const samples: RawSample[] = [[-1, first]];
        let [atMs, value] = [-1, first];
        for (const { gapMs, events, isReset } of steps) {
          atMs += gapMs;
          // A reset is seen only where fewer came after it than before.
          const began = isReset && events < value;
          value = began ? events : value + events;
          samples.push([atMs, value]);
          if (atMs < cells.toMs) wanted[Math.floor(atMs / cells.cellMs)]! += events;
        }
        expect(count(series(samples))).toEqual(wanted);
      }),
    );
  });

  test('add up the same however a span is cut', () => {
    const values = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 2, maxLength: 80 });
    fc.assert(
      fc.property(values, (found) => {
        const samples = found.map((value, i): RawSample => [i * 15_000, value]);
        const whole = increases([series(samples)], { fromMs: 0, toMs: 1_200_000, cellMs: 1_200_000 });
        const parts = count(series(samples)).reduce((sum, events) => sum + events, 0);
        expect(parts).toBe(whole[0]);
      }),
    );
  });
});

describe('good of total', () => {
  test('is never below nothing nor above all, and keeps whole numbers whole', () => {
    const good = Float64Array.of(5, -1, 11, 0.1 + 0.2 + 0.7, 2.5);
    const total = Float64Array.of(10, 3, 10, 1, 2.75);
    settle(good, total);
    expect([...good]).toEqual([5, 0, 10, 1, 2.5]);
    expect([...total]).toEqual([10, 3, 10, 1, 2.75]);
  });

  test('holds for any figures', () => {
    const figures = fc.array(
      fc.tuple(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.double({ noNaN: true, min: -1e9, max: 1e9 })),
    );
    fc.assert(
      fc.property(figures, (pairs) => {
        const good = Float64Array.from(pairs, ([one]) => one);
        const total = Float64Array.from(pairs, ([, all]) => all);
        settle(good, total);
        for (const [i, all] of total.entries()) {
          expect(good[i]).toBeGreaterThanOrEqual(0);
          expect(good[i]).toBeLessThanOrEqual(all);
        }
      }),
    );
  });
});
