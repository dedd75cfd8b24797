import { describe, expect, it } from 'vitest';
import { fromCumulative, largest, strength, usedRows } from './heatmap-model.ts';

describe('fromCumulative', () => {
  it('takes what lies below away', () => {
    expect(
      fromCumulative([
        [1, 2],
        [4, null],
        [4, 9],
      ]),
    ).toEqual([
      [1, 2],
      [3, null],
      [0, null],
    ]);
  });
  it('does not go below zero when rates are noisy', () => {
    expect(fromCumulative([[2], [1.9]])).toEqual([[2], [0]]);
  });
});

describe('strength', () => {
  it.each([
    [0, 100, 0],
    [1, 100, 0.1],
    [100, 100, 1],
    [null, 100, 0],
    [5, 0, 0],
  ])('of %s out of %d is %d', (count, max, expected) => expect(strength(count, max)).toBeCloseTo(expected, 12));
});

describe('usedRows', () => {
  const bounds = [0.1, 0.25, 0.5, 1, Number.POSITIVE_INFINITY];
  it('leaves one row of air', () => {
    expect(usedRows({ bounds, counts: [[0], [3], [1], [0], [0]] })).toEqual([0, 3]);
  });
  it('shows all when there is nothing', () => {
    expect(usedRows({ bounds, counts: [[0], [0], [0], [0], [0]] })).toEqual([0, 4]);
  });
});

describe('largest', () => {
  it('looks past gaps', () =>
    expect(
      largest([
        [null, 2],
        [7, null],
      ]),
    ).toBe(7));
});
