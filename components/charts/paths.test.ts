import { describe, expect, it } from 'vitest';
import { areaPath, linePath, spreadLabels, stack } from './paths.ts';

const same = (value: number) => value;

describe('linePath', () => {
  it('leaves gaps where values are missing', () => {
    expect(linePath([0, 1, 2, 3, 4], [1, 2, null, 3, 4], same)).toBe('M0,1L1,2M3,3L4,4');
  });
  it('shows a lone point', () => expect(linePath([0, 1, 2], [null, 5, null], same)).toBe('M1,5h1'));
  it('is nothing for nothing', () => expect(linePath([], [], same)).toBe(''));
});

describe('areaPath', () => {
  it('closes each stretch by itself', () => {
    expect(areaPath([0, 1, 2, 3], [1, 2, null, 3], same, 0)).toBe('M0,1L1,2L1,0L0,0ZM3,3L3,0L3,0Z');
  });
});

describe('stack', () => {
  it('adds what is below and keeps gaps', () => {
    expect(
      stack([
        [1, null, 2],
        [1, 1, null],
      ]),
    ).toEqual([
      [1, null, 2],
      [2, 1, null],
    ]);
  });
});

describe('spreadLabels', () => {
  it('keeps labels apart without changing their order', () => {
    expect(spreadLabels([10, 12, 40], 13)).toEqual([10, 23, 40]);
    expect(spreadLabels([12, 10], 13)).toEqual([23, 10]);
  });
});
