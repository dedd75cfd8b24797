import { expect, it } from 'vitest';
import { createRecent } from './recent.ts';

it('remembers for one to two spans of time', () => {
  const recent = createRecent<number>({ ms: 10, most: 1_000 });
  recent.put('a', 1, 100);
  recent.put('b', 2, 109);
  recent.put('c', 3, 110);
  expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([1, 2, 3]);
  recent.put('d', 4, 120);
  expect([recent.get('a'), recent.get('b'), recent.get('c'), recent.get('d')]).toEqual([undefined, undefined, 3, 4]);
  recent.put('e', 5, 200);
  expect([recent.get('d'), recent.get('e')]).toEqual([undefined, 5]);
});

it('takes what is put last, and never holds more than it may', () => {
  const recent = createRecent<number>({ ms: 10, most: 10 });
  for (let n = 0; n < 100; n++) {
    recent.put(`${n}`, n, 0);
    expect(recent.size()).toBeLessThanOrEqual(10);
    expect(recent.get(`${n}`)).toBe(n);
  }
  recent.put('99', -1, 0);
  expect(recent.get('99')).toBe(-1);
});
