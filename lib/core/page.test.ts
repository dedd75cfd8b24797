import { describe, expect, test } from 'vitest';
import { pageQuery } from './page.ts';

describe('the query of a list', () => {
  test.each([
    [{}, { limit: 50 }],
    [{ limit: '7' }, { limit: 7 }],
    [
      { limit: '500', cursor: 'abc' },
      { limit: 500, cursor: 'abc' },
    ],
  ])('%j is read', (query, expected) => {
    expect(pageQuery.parse(query)).toEqual(expected);
  });

  test.each([
    [{ limit: '' }, 'must be 1 or more'],
    [{ limit: '0' }, 'must be 1 or more'],
    [{ limit: '-1' }, 'must be 1 or more'],
    [{ limit: '501' }, 'must be 500 or less'],
    [{ limit: '1.5' }, 'must be a whole number'],
    [{ limit: 'ten' }, 'must be a number'],
    [{ limit: ['1', '2'] }, 'must be a number'],
    [{ limit: 'Infinity' }, 'must be a number'],
  ])('%j is refused: %s', (query, message) => {
    const { error } = pageQuery.safeParse(query);
    expect(error?.issues.map(({ path, message }) => [path[0], message])).toContainEqual(['limit', message]);
  });

  test('a cursor is one text of bounded length', () => {
    expect(pageQuery.safeParse({ cursor: 'x'.repeat(501) }).success).toBe(false);
    expect(pageQuery.safeParse({ cursor: ['a', 'b'] }).success).toBe(false);
  });
});
