import { describe, expect, test } from 'vitest';
import { anyValue, fitting, knownValue, valueAsWritten } from './suggestion.ts';

describe('what fits', () => {
  test('comes by rank, within one as it came, and without what does not fit', () => {
    const rank = (word: string) => (word.includes('x') ? null : word.length);
    expect(fitting(['ccc', 'aa', 'x', 'bb', 'a'], rank)).toEqual(['a', 'aa', 'bb', 'ccc']);
  });

  test('is sixty at most', () => {
    const all = Array.from({ length: 100 }, (_, index) => index);
    expect(fitting(all, (one) => -one)).toEqual(all.slice(40).reverse());
  });
});

test('a value is named as it is, an empty one in words', () => {
  expect(knownValue('', 'a = ""')).toEqual({ id: 'value ', label: '(empty)', text: 'a = ""', isDone: true });
  expect(knownValue('b', 'a = b').label).toBe('b');
  expect(valueAsWritten('b', 'a = b')).toMatchObject({ label: 'b', hint: 'as written', text: 'a = b', isDone: true });
  expect(anyValue('a')).toMatchObject({ hint: 'a exists', text: 'a exists', isDone: true });
});
