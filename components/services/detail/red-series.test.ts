import { describe, expect, it } from 'vitest';
import type { Heatmap } from '#lib/telemetry/schemas.ts';
import {
  callersDiffer,
  durationThreshold,
  errorSeries,
  exemplarDots,
  heatmapData,
  lastOf,
  rateSeries,
} from './red-series.ts';

const status = (name: string, counted: boolean, ratio: (number | null)[]) => ({ status: name, counted, ratio });

describe('rateSeries', () => {
  it('draws last week only where there is a history', () => {
    expect(rateSeries({ rate: [1], rateLastWeek: null }).map(({ key }) => key)).toEqual(['now']);
    expect(rateSeries({ rate: [1], rateLastWeek: [null] }).map(({ key }) => key)).toEqual(['now']);
    expect(rateSeries({ rate: [1], rateLastWeek: [2] }).map(({ key }) => key)).toEqual(['now', 'week']);
  });
});

describe('errorSeries', () => {
  it('stacks failures and draws the clients’ own errors dashed and as one', () => {
    const found = errorSeries({
      errorRatio: [0.1],
      errorsByStatus: [
        status('502', true, [0.08]),
        status('504', true, [0.02]),
        status('404', false, [0.004]),
        status('429', false, [0.004]),
      ],
    });
    expect(found.map(({ key, shape, dashed }) => [key, shape, dashed])).toEqual([
      ['502', 'stack', undefined],
      ['504', 'stack', undefined],
      ['4xx', undefined, true],
    ]);
    expect(found[0]?.legend).toBe('502 8 %');
    expect(found[2]?.legend).toBe('4xx 0.8 %, not counted');
  });

  it('joins what there are no colours for', () => {
    const many = ['500', '501', '502', '503', '504', '505', '507'].map((name) => status(name, true, [0.01]));
    const found = errorSeries({ errorRatio: [0.07], errorsByStatus: many });
    expect(found).toHaveLength(5);
    expect(found[4]).toMatchObject({ label: '3 others', values: [0.03] });
  });

  it('still has a line when nothing failed', () => {
    expect(errorSeries({ errorRatio: [0, 0], errorsByStatus: [] })).toMatchObject([{ key: 'errors', values: [0, 0] }]);
  });
});

describe('callersDiffer', () => {
  const callers = { rate: [2, 2, 2, 2], errorRatio: [0, 1, 1, 1] };
  const gap = [null, null, null, null];
  it('notices a service that is silent while it is called, or has become so', () => {
    expect(callersDiffer({ rate: gap, errorRatio: gap, callers })).toBe('silent');
    const [, ...rest] = gap;
    expect(callersDiffer({ rate: [2, ...rest], errorRatio: [0, ...rest], callers })).toBe('silent');
  });
  it('notices failures that the service does not count, once they last', () => {
    const own = { rate: [2, 2, 2, 2], errorRatio: [0, 0, 0, 0] };
    expect(callersDiffer({ ...own, callers })).toBe('worse');
    expect(callersDiffer({ ...own, callers: { ...callers, errorRatio: [0, 0, 1, 0] } })).toBeNull();
  });
  it('is quiet when both say the same, or nobody calls', () => {
    expect(callersDiffer({ rate: [2, 2, 2, 2], errorRatio: [0, 0.9, 0.9, 0.9], callers })).toBeNull();
    expect(callersDiffer({ rate: [2], errorRatio: [0], callers: null })).toBeNull();
    expect(callersDiffer({ rate: [null], errorRatio: [null], callers: { rate: [0], errorRatio: [null] } })).toBeNull();
  });
});

describe('durations', () => {
  it('draw the limit only where it does not flatten the chart', () => {
    expect(durationThreshold({ p99Ms: [9, null] })).toBeUndefined();
    expect(durationThreshold({ p99Ms: [400] })).toEqual({ value: 0.5, label: 'p95 slow above 500 ms' });
  });

  it('do not let one slow exemplar press the chart flat', () => {
    const item = { traceId: 'a', spanId: null, at: '2026-11-21T14:00:00Z', route: '/x', status: null, instance: null };
    const list = { items: [{ ...item, durationMs: 9000 }] } as unknown as Parameters<typeof exemplarDots>[0];
    const { dots, floor } = exemplarDots(list, { p99Ms: [100] });
    expect(dots[0]).toMatchObject({ value: 9, labels: { route: '/x' } });
    expect(dots[0]).not.toHaveProperty('spanId');
    expect(floor).toBeCloseTo(0.15);
  });
});

describe('heatmapData', () => {
  it('turns columns into rows, keeps gaps, and knows the open bucket', () => {
    const map = { boundsMs: [5, null], columns: [[1, 2], null] } as unknown as Heatmap;
    expect(heatmapData(map, [1, 2])).toEqual({
      times: [1, 2],
      bounds: [0.005, Number.POSITIVE_INFINITY],
      counts: [
        [1, null],
        [2, null],
      ],
    });
  });
});

describe('lastOf', () => {
  it('skips a gap at the end', () => expect(lastOf([1, 2, null])).toBe(2));
});
