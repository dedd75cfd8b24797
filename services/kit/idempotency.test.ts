import { expect, it } from 'vitest';
import { requireIdempotencyKey } from './idempotency.ts';

it('takes a plain word', () => {
  expect(requireIdempotencyKey('order-0199c5d2')).toBe('order-0199c5d2');
});

it.each([
  [undefined, 'is missing'],
  ['short', 'must be 8 to 128'],
  ['with blank inside', 'must be 8 to 128'],
  ['x'.repeat(129), 'must be 8 to 128'],
])('refuses %j', (header, sentence) => {
  expect(() => requireIdempotencyKey(header)).toThrow(sentence);
});
