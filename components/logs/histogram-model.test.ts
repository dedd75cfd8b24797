import { expect, test } from 'vitest';
import { countText, histogramModel, stepWords } from './histogram-model.ts';

const fromMs = Date.UTC(2026, 10, 21, 14);
const model = histogramModel({
  width: 600,
  height: 112,
  zone: 'utc',
  fromMs: fromMs + 20_000,
  toMs: fromMs + 170_000,
  histogram: {
    from: new Date(fromMs).toISOString(),
    stepMs: 60_000,
    counts: { info: [10, 0, 5], error: [2, 0, 0], none: [0, 0, 1], trace: [0, 0, 0] },
    total: 18,
    exact: true,
    notes: [],
    sources: [],
  },
});

test('a bar stands for each bucket, the worst level at its foot', () => {
  expect(model.bars.map(({ total }) => total)).toEqual([12, 0, 6]);
  expect(model.bars[0]?.parts).toEqual([
    { level: 'error', count: 2, from: 0, to: 2 },
    { level: 'info', count: 10, from: 2, to: 12 },
  ]);
  expect(model.totals).toEqual([
    { level: 'error', count: 2 },
    { level: 'info', count: 15 },
    { level: 'none', count: 1 },
  ]);
});

test('the axes hold all bars, from zero', () => {
  expect(model.x.domain).toEqual([fromMs, fromMs + 180_000]);
  expect(model.y(0)).toBe(model.bottom);
  expect(model.yTicks[0]).toBe(0);
  expect(model.yTicks.at(-1)).toBeGreaterThanOrEqual(12);
  expect(model.yTicks.every(Number.isInteger)).toBe(true);
});

test.each([
  [950, '950'],
  [9_999, '9,999'],
  [12_340, '12.3 k'],
  [250_000, '250 k'],
  [1_200_000, '1.2 M'],
])('%d is written %s', (count, text) => expect(countText(count)).toBe(text));

test.each([
  [200, '200 ms'],
  [15_000, '15 s'],
  [120_000, '2 min'],
  [21_600_000, '6 h'],
  [172_800_000, '2 d'],
])('%d ms are %s', (ms, text) => expect(stepWords(ms)).toBe(text));
