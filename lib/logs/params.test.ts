import { describe, expect, test } from 'vitest';
import { contextQuery, listQuery, logQueryOf } from './params.ts';

const problem = (query: Record<string, unknown>) => listQuery.safeParse(query).error?.issues.map(({ path }) => path[0]);

describe('what a search takes', () => {
  test('one value or several, empty ones left out', () => {
    const query = listQuery.parse({
      service: ['order', '', 'payment'],
      attribute: 'http.route=/a',
      level: '',
      text: '',
      trace: 'AB',
      source: '',
    });
    expect(query).toMatchObject({
      service: ['order', 'payment'],
      attribute: [{ key: 'http.route', operator: '=', value: '/a' }],
      trace: 'ab'.padStart(32, '0'),
      order: 'newest',
      limit: 100,
    });
    expect(query.level ?? query.text ?? query.source).toBeUndefined();
  });

  test.each([
    [{ level: 'loud' }, 'level'],
    [{ trace: 'xyz' }, 'trace'],
    [{ trace: 'a'.repeat(33) }, 'trace'],
    [{ span: '12 34' }, 'span'],
    [{ attribute: '=x' }, 'attribute'],
    [{ attribute: Array(21).fill('a=b') }, 'attribute'],
    [{ service: Array.from({ length: 51 }, (_, i) => `s${i}`) }, 'service'],
    [{ service: 'a\u0007' }, 'service'],
    [{ text: 'x'.repeat(1_001) }, 'text'],
    [{ text: Array.from({ length: 21 }, (_, i) => `w${i}`).join(' ') }, 'text'],
    [{ limit: '501' }, 'limit'],
    [{ limit: '0' }, 'limit'],
    [{ limit: 'NaN' }, 'limit'],
    [{ order: 'random' }, 'order'],
    [{ from: 'yesterday' }, 'from'],
    [{ env: 'a b' }, 'env'],
  ])('%j is refused at its field', (query, field) => expect(problem(query)).toEqual([field]));

  test('a range that ends before it begins names the field', () => {
    const query = listQuery.parse({ from: 'now-1h', to: 'now-2h' });
    expect(() => logQueryOf(query, Date.now())).toThrow(expect.objectContaining({ code: 'request.invalid' }));
  });

  test.each([
    [{ id: 'embedded:ab', timeNs: '1' }, true],
    [{ id: 'a:b:ab', timeNs: '1' }, true],
    [{ id: 'ab', timeNs: '1' }, false],
    [{ id: 'embedded:zz', timeNs: '1' }, false],
    [{ id: 'embedded:ab', timeNs: '-1' }, false],
    [{ id: 'embedded:ab', timeNs: '1', before: '201' }, false],
  ])('a place %j: %s', (query, fits) => expect(contextQuery.safeParse(query).success).toBe(fits));
});
