import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { burnOf, figuresOf, noSums, touchedBuckets } from './budget-rules.ts';
import { bucketMs, dayMs, hourMs } from './window-rules.ts';

const fromMs = Date.parse('2026-11-01T00:00:00Z');
const base = {
  fromMs,
  untilMs: fromMs + 10 * dayMs,
  endsMs: fromMs + 30 * dayMs,
  ledgerFromMs: fromMs,
  target: 0.999,
  gapPolicy: 'unknown' as const,
};
const known = (good: number, total: number, knownMs = 10 * dayMs) => ({ good, total, knownMs, approximate: false });

describe('figures', () => {
  it('weigh every event the same', () => {
    const figures = figuresOf({ ...base, sums: known(99_940, 100_000) });
    expect(figures).toMatchObject({ good: 99_940, bad: 60, total: 100_000, sli: 0.9994, coverage: 1 });
    expect(figures.allowedBad).toBeCloseTo(100, 9);
    expect(figures.budgetLeft).toBeCloseTo(0.4, 9);
  });

  it('go below nothing', () => {
    expect(figuresOf({ ...base, sums: known(99_700, 100_000) }).budgetLeft).toBeCloseTo(-2, 9);
  });

  it('say nothing of a budget without events', () => {
    expect(figuresOf({ ...base, sums: known(0, 0) })).toMatchObject({ sli: null, budgetLeft: null, coverage: 1 });
    expect(figuresOf({ ...base, sums: noSums, gapPolicy: 'bad' })).toMatchObject({ budgetLeft: null, coverage: 0 });
  });

  it.each([
    ['unknown', 500_000, 500_000],
    ['good', 1_000_000, 1_000_000],
    ['bad', 500_000, 1_000_000],
  ] as const)('count gaps as %s', (gapPolicy, good, total) => {
    const figures = figuresOf({ ...base, gapPolicy, sums: known(500_000, 500_000, 5 * dayMs) });
    expect(figures).toMatchObject({ good, total, coverage: 0.5 });
  });

  it('take excluded events out, and their time with them', () => {
    const excluded = { good: 0, total: 60, knownMs: hourMs, approximate: false, lengthMs: hourMs };
    const figures = figuresOf({ ...base, sums: known(99_940, 100_000), excluded });
    expect(figures).toMatchObject({ good: 99_940, total: 99_940, bad: 0, budgetLeft: 1, coverage: 1 });
  });

  it('never have a share outside of what there is', () => {
    const events = fc.record({
      good: fc.nat(1e6),
      bad: fc.nat(1e6),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(events, fc.constantFrom('unknown', 'good', 'bad'), ({ good, bad, share }, gapPolicy) => {
        const sums = known(good, good + bad, share * 10 * dayMs);
        const figures = figuresOf({ ...base, gapPolicy: gapPolicy as 'good', sums });
        expect(figures.good + figures.bad).toBeCloseTo(figures.total, 3);
        expect(figures.coverage).toBeLessThanOrEqual(1);
        if (figures.sli !== null) expect(figures.sli).toBeGreaterThanOrEqual(0);
        if (figures.budgetLeft !== null) expect(figures.budgetLeft).toBeLessThanOrEqual(1);
      }),
    );
  });
});

it('burns once where it spends exactly what it may', () => {
  expect(burnOf(1, 1_000, 0.999)).toBeCloseTo(1, 9);
  expect(burnOf(500, 1_000, 0.9995)).toBeCloseTo(1_000, 6);
  expect(burnOf(0, 0, 0.999)).toBeNull();
});

describe('buckets that intervals touch', () => {
  const within = { fromMs: 0, toMs: dayMs };
  it.each<[string, [number, number][], [number, number][]]>([
    ['whole ones', [[0, 2]], [[0, 2]]],
    ['parts', [[0.5, 1.5]], [[0, 2]]],
    ['an instant', [[0.5, 0.6]], [[0, 1]]],
    [
      'one in another',
      [
        [0, 4],
        [1, 2],
      ],
      [[0, 4]],
    ],
    [
      'two that meet',
      [
        [2, 3],
        [0, 2],
      ],
      [[0, 3]],
    ],
    [
      'two apart',
      [
        [5, 6],
        [0, 1],
      ],
      [
        [0, 1],
        [5, 6],
      ],
    ],
    ['one from before', [[-5, 1]], [[0, 1]]],
    ['one outside', [[400, 500]], []],
  ])('%s', (_, given, found) => {
    const scaled = (list: [number, number][]) =>
      list.map(([from, to]) => ({ fromMs: from * bucketMs, toMs: to * bucketMs }));
    expect(touchedBuckets(scaled(given), within, bucketMs)).toEqual(scaled(found));
  });
});
