import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAttributeFilter, parseAttributeFilter } from './rules.ts';

test.each([
  ['order.id=17', { key: 'order.id', operator: '=', value: '17' }],
  ['http.route!=/healthz', { key: 'http.route', operator: '!=', value: '/healthz' }],
  ['error.type', { key: 'error.type', operator: 'exists' }],
  ['a=', { key: 'a', operator: '=', value: '' }],
  ['a=b=c!=d', { key: 'a', operator: '=', value: 'b=c!=d' }],
  ['a=two\nlines', { key: 'a', operator: '=', value: 'two\nlines' }],
  [' a =b', { key: 'a', operator: '=', value: 'b' }],
])('%j', (text, filter) => expect(parseAttributeFilter(text)).toEqual(filter));

test.each(['', '=', '=a', '!=a', '   ', 'x'.repeat(301), 'a!b'])('%j is none', (text) =>
  expect(parseAttributeFilter(text)).toBeNull(),
);

test('what was written is read back', () => {
  const key = fc.string({ minLength: 1, maxLength: 300 }).filter((text) => !/[=!]/.test(text) && text.trim() === text);
  fc.assert(
    fc.property(key, fc.constantFrom('=' as const, '!=' as const), fc.string(), (name, operator, value) => {
      fc.pre(name !== '');
      const filter = { key: name, operator, value };
      expect(parseAttributeFilter(formatAttributeFilter(filter))).toEqual(filter);
    }),
  );
});
