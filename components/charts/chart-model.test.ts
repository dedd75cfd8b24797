import { describe, expect, it } from 'vitest';
import { chartModel, isDense, type ModelInput } from './chart-model.ts';

const hour = 3_600_000;
const from = Date.UTC(2026, 10, 21, 13, 30);
const input: ModelInput = {
  width: 420,
  height: 190,
  fromMs: from,
  toMs: from + hour,
  zone: 'utc',
  unit: 'ratio',
  times: [from, from + hour],
  series: [
    { key: 'a', label: '502', values: [0.01, 0.09], shape: 'stack' },
    { key: 'b', label: '504', values: [null, 0.03], shape: 'stack' },
    { key: 'c', label: '4xx', values: [0.008, 0.008], dashed: true },
  ],
  hidden: new Set(),
  endLabels: false,
  lane: true,
  stale: false,
};

describe('chartModel', () => {
  it('gives stacks their sums and reaches past them', () => {
    const model = chartModel(input);
    expect(model.series.map((s) => s.top)).toEqual([
      [0.01, 0.09],
      [null, 0.12],
      [0.008, 0.008],
    ]);
    expect(model.series[1]?.base).toEqual([0.01, 0.09]);
    expect(model.yTicks).toEqual([0, 0.05, 0.1, 0.15]);
    expect(model.xTicks.map((t) => t.text)).toEqual(['13:30', '13:45', '14:00', '14:15', '14:30']);
  });
  it('leaves hidden series out of stack and scale, and keeps colours', () => {
    const model = chartModel({ ...input, hidden: new Set(['a']) });
    expect(model.series[1]?.top).toEqual([null, 0.03]);
    expect(model.series.map((s) => s.color)).toEqual(['--s1', '--s2', '--s3']);
    expect(model.yTicks.at(-1)).toBeLessThan(0.05);
  });
  it('always shows the threshold', () => {
    const { yTicks } = chartModel({ ...input, series: [], thresholdValue: 0.5 });
    expect(yTicks.at(-1)).toBeGreaterThanOrEqual(0.6);
  });
  it('ends where it is told, whatever the threshold', () => {
    const { yTicks } = chartModel({
      ...input,
      series: [{ key: 'sli', label: 'SLI', values: [0.9991, 1] }],
      thresholdValue: 0.9995,
      yMin: 0.999,
      yMax: 1,
    });
    expect([yTicks[0], yTicks.at(-1)]).toEqual([0.999, 1]);
  });
  it('is grey and dashed when stale', () => {
    const { series } = chartModel({ ...input, stale: true });
    expect(series.every((s) => s.dashed && s.color === '--ink-3')).toBe(true);
  });
  it('stands without any series', () => {
    const model = chartModel({ ...input, series: [], times: [] });
    expect(model.yTicks.length).toBeGreaterThan(1);
  });
});

describe('isDense', () => {
  it.each([
    [3, 300, false],
    [10, 300, false],
    [11, 50, true],
    [1, 1440, true],
    [10, 301, true],
  ])('%d series of %d points: %s', (series, points, dense) => expect(isDense(series, points)).toBe(dense));
});
