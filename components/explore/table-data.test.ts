import { describe, expect, it } from 'vitest';
import { exact, parted, sampleTable, sortable } from './table-data.ts';

const series = (...labels: Record<string, string>[]) => labels.map((one, i) => ({ labels: one, value: i }));

describe('sampleTable', () => {
  it('gives a column to each label that differs and says once what is the same', () => {
    const table = sampleTable([
      { name: 'A', unit: 'none', series: series({ job: 'x', env: 'p' }, { job: 'y', env: 'p' }) },
    ]);
    expect(table.columns).toEqual(['job']);
    expect(table.common).toEqual({ env: 'p' });
    expect(table.rows.map(({ id }) => id)).toEqual(['A0', 'A1']);
  });
  it('writes selectors instead when there are too many labels', () => {
    const wide = (n: number) => Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`l${i}`, String(n)]));
    expect(sampleTable([{ name: 'A', unit: 'none', series: series(wide(1), wide(2)) }]).columns).toEqual([]);
  });
  it('writes a series with what tells it apart in front', () => {
    const table = sampleTable([
      {
        name: 'A',
        unit: 'none',
        series: series({ __name__: 'up', job: 'a', env: 'p', x: '1' }, { __name__: 'up', job: 'b', env: 'p', x: '1' }),
      },
    ]);
    expect(table.telling).toEqual(['job']);
    expect(parted({ __name__: 'up', job: 'a', env: 'p', zone: 'z' }, table)).toEqual({
      telling: '{job="a"}',
      rest: 'zone="z"',
    });
  });
  it('puts the rows of several queries one after the other', () => {
    const rows = sampleTable([
      { name: 'A', unit: 'seconds', series: series({}) },
      { name: 'B', unit: 'none', series: series({ a: '1' }) },
    ]).rows;
    expect(rows.map(({ query, unit }) => [query, unit])).toEqual([
      ['A', 'seconds'],
      ['B', 'none'],
    ]);
  });
});

describe('samples', () => {
  it.each([
    [1.5, '1.5', 1.5],
    ['NaN', 'NaN', null],
    ['+Inf', '+Inf', Number.MAX_VALUE],
    ['-Inf', '-Inf', -Number.MAX_VALUE],
    [null, '–', null],
  ] as const)('%o reads %s', (value, text, number) => {
    expect(exact(value)).toBe(text);
    expect(sortable(value)).toBe(number);
  });
});
