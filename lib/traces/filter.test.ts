import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canFormat, type Filter, formatFilter, parseFilter } from './filter-rules.ts';
import { parseSpanId, parseTraceId } from './trace-id-rules.ts';

describe('a condition on an attribute', () => {
  test.each<[string, Filter]>([
    ['http.route=/orders', { key: 'http.route', operator: '=', value: '/orders' }],
    ['http.route!=/orders', { key: 'http.route', operator: '!=', value: '/orders' }],
    ['payment.provider', { key: 'payment.provider', operator: 'exists' }],
    ['resource.service.version=4.2.0', { scope: 'resource', key: 'service.version', operator: '=', value: '4.2.0' }],
    ['span.resource.id=7', { scope: 'span', key: 'resource.id', operator: '=', value: '7' }],
    ['url.query=a=b&c!=d', { key: 'url.query', operator: '=', value: 'a=b&c!=d' }],
    ['empty=', { key: 'empty', operator: '=', value: '' }],
    [' spaced = two words ', { key: 'spaced', operator: '=', value: ' two words ' }],
    ['wow!==!', { key: 'wow', operator: '!=', value: '=!' }],
    ['resources', { key: 'resources', operator: 'exists' }],
  ])('%s', (text, filter) => {
    expect(parseFilter(text)).toEqual(filter);
  });

  test.each([
    ['', 'must name an attribute'],
    ['=x', 'must name an attribute'],
    ['!=x', 'must name an attribute'],
    ['span.=x', 'must name an attribute'],
    ['resource.', 'must name an attribute'],
    [`${'k'.repeat(201)}=x`, 'at most 200 characters'],
    [`k=${'v'.repeat(1_001)}`, 'at most 1000 characters'],
    ['a\u0007b=x', 'control characters'],
  ])('%j cannot be read', (text, reason) => {
    expect(parseFilter(text)).toContain(reason);
  });

  test('is read back as it was written', () => {
    const key = fc.string({ minLength: 1, maxLength: 60, unit: 'binary' }).filter((one) => canFormat({ key: one }));
    const filter = fc.record(
      {
        scope: fc.constantFrom('span' as const, 'resource' as const),
        key,
        operator: fc.constantFrom('=' as const, '!=' as const),
        value: fc.string({ maxLength: 60, unit: 'binary' }),
      },
      { requiredKeys: ['scope', 'key', 'operator', 'value'] },
    );
    fc.assert(
      fc.property(filter, fc.boolean(), (one, exists) => {
        const { value, ...rest } = one;
        const written: Filter = exists ? { ...rest, operator: 'exists' } : one;
        expect(parseFilter(formatFilter(written))).toEqual(written);
      }),
    );
  }, 60_000);

  test('is read or refused, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const read = parseFilter(text);
        if (typeof read === 'string') expect(read).toMatch(/^must /);
        else expect(text).toContain(read.key);
      }),
    );
  });
});

describe('an id of a trace', () => {
  const id = '4bf92f3577b34da6a3ce929d0e0e4736';
  test.each([
    [id, id],
    [` ${id.toUpperCase()} `, id],
    ['4bf92f35-77b3-4da6-a3ce-929d0e0e4736', id],
    [`00-${id}-00f067aa0ba902b7-01`, id],
    ['a3ce929d0e0e4736', `0000000000000000a3ce929d0e0e4736`],
    ['f92f3577b34da6a3ce929d0e0e4736', `00f92f3577b34da6a3ce929d0e0e4736`],
  ])('%s', (text, expected) => {
    expect(parseTraceId(text)).toBe(expected);
  });
  test.each([
    '',
    'abc',
    '0'.repeat(32),
    `${id}0`,
    'deadbeef deadbeef',
    'payment',
    '4bf92f3577b34da6-a3ce929d0e0e4736',
    `ff-${id}`,
  ])('%j is none', (text) => {
    expect(parseTraceId(text)).toBe(null);
  });
  test('may be short where that is said', () => {
    expect(parseTraceId('abc', 1)).toBe(`${'0'.repeat(29)}abc`);
  });
  test('of a span has 16 digits', () => {
    expect([parseSpanId('F067AA0BA902B7'), parseSpanId('0'), parseSpanId('x'), parseSpanId('1'.repeat(17))]).toEqual([
      '00f067aa0ba902b7',
      null,
      null,
      null,
    ]);
  });
});
