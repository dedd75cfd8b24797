import { describe, expect, it } from 'vitest';
import { parseRecent, withRecent } from './recent-queries.ts';

describe('recent queries', () => {
  it('have each query once, the last run first', () => {
    const list = withRecent(
      [
        { expr: 'a', at: 1 },
        { expr: 'b', at: 2 },
      ],
      ['b', ' c ', 'c', ''],
      9,
    );
    expect(list).toEqual([
      { expr: 'b', at: 9 },
      { expr: 'c', at: 9 },
      { expr: 'a', at: 1 },
    ]);
  });
  it('are fifty at most', () => {
    const many = Array.from({ length: 80 }, (_, i) => ({ expr: `q${i}`, at: i }));
    expect(withRecent(many, ['new'], 99)).toHaveLength(50);
  });
  it.each([[null], ['{'], ['{"a":1}'], ['[1,{"expr":2}]'], ['null']])('read %o as nothing', (text) => {
    expect(parseRecent(text)).toEqual([]);
  });
});
