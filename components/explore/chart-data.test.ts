import { describe, expect, it } from 'vitest';
import type { ExploreRange } from '#lib/telemetry/schemas.ts';
import { type AnsweredRange, chartsOf } from './chart-data.ts';

const at = (seconds: number) => new Date(1_700_000_000_000 + seconds * 1000).toISOString();

function range(series: ExploreRange['series'], from = 0, count = 3): ExploreRange {
  return {
    query: 'q',
    grid: { from: at(from), to: at(from + (count - 1) * 15), stepMs: 15_000 },
    series,
    omittedSeries: 0,
    asOf: at(0),
    source: { id: 'p', name: 'Prometheus', state: 'ok', failingSince: null, lastSuccessAt: null, error: null },
    stale: null,
    warnings: [],
  };
}

const answered = (name: string, answer: ExploreRange, unit: AnsweredRange['unit'] = 'none'): AnsweredRange => ({
  name,
  expr: 'up',
  unit,
  answer,
});

describe('chartsOf', () => {
  it('draws queries of one unit together and names which series is whose', () => {
    const [chart] = chartsOf([
      answered('A', range([{ labels: { job: 'x' }, values: [1, 2, 3] }])),
      answered('B', range([{ labels: {}, values: [4, 5, 6] }])),
    ]);
    expect(chart?.names).toEqual(['A', 'B']);
    expect(chart?.series.map(({ label }) => label)).toEqual(['A {job="x"}', 'B up']);
  });

  it('gives each unit a chart of its own', () => {
    const charts = chartsOf([
      answered('A', range([]), 'seconds'),
      answered('B', range([]), '/s'),
      answered('C', range([]), 'seconds'),
    ]);
    expect(charts.map(({ unit, names }) => [unit, names])).toEqual([
      ['seconds', ['A', 'C']],
      ['/s', ['B']],
    ]);
  });

  it('keeps gaps, and makes gaps of what is not a number', () => {
    const [chart] = chartsOf([answered('A', range([{ labels: {}, values: [1, null, 'NaN'] }]))]);
    expect(chart?.series[0]?.values).toEqual([1, null, null]);
  });

  it('puts answers of different moments on the instants of both', () => {
    const [chart] = chartsOf([
      answered('A', range([{ labels: {}, values: [1, 2, 3] }])),
      answered('B', range([{ labels: {}, values: [7, 8, 9] }], 15)),
    ]);
    expect(chart?.times).toHaveLength(4);
    expect(chart?.series.map(({ values }) => values)).toEqual([
      [1, 2, 3, null],
      [null, 7, 8, 9],
    ]);
  });

  it('draws the largest when there are too many, and says how many there were', () => {
    const many = Array.from({ length: 30 }, (_, i) => ({ labels: { i: String(i) }, values: [i, -2 * i, 0] }));
    const [chart] = chartsOf([answered('A', range(many))], 3);
    expect(chart?.found).toBe(30);
    expect(chart?.series.map(({ label }) => label)).toEqual(['29', '28', '27']);
  });
});
