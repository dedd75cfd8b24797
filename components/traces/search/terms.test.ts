import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anything } from './search-url.ts';
import { canWrite, formatTerm, parseLine, type Term, termsOf, withEdited, withoutTerm, withTerms } from './terms.ts';

const service = (value: string): Term => ({ field: 'service', value });
const attribute = (filter: string): Term => ({ field: 'attribute', filter });

describe('the query line', () => {
  it.each<[string, Term[]]>([
    ['service = payment', [service('payment')]],
    ['service=payment http.route=/charges', [service('payment'), attribute('http.route=/charges')]],
    [
      'operation = POST /charges  http.route = /charges',
      [{ field: 'operation', value: 'POST /charges' }, attribute('http.route=/charges')],
    ],
    ['http.route != /healthz', [attribute('http.route!=/healthz')]],
    ['payment.provider exists', [attribute('payment.provider')]],
    ['payment.provider', [attribute('payment.provider')]],
    ['payment.provider exists service = payment', [attribute('payment.provider'), service('payment')]],
    ['resource.service.version = 4.2.0', [attribute('resource.service.version=4.2.0')]],
    ['status = Error', [{ field: 'status', value: 'error' }]],
    [
      'duration > 250ms duration <= 1.2s',
      [
        { field: 'min', ms: 250 },
        { field: 'max', ms: 1_200 },
      ],
    ],
    ['url.query = "a=b c" service = x', [attribute('url.query=a=b c'), service('x')]],
    ['note = "say \\"hi\\" \\\\"', [attribute('note=say "hi" \\')]],
    ['empty = ""', [attribute('empty=')]],
    ['   ', []],
  ])('reads %s', (line, terms) => expect(parseLine(line)).toEqual(terms));

  it.each([
    ['service', 'service: what should it be? Write service = …'],
    ['duration', 'duration: what should it be? Write duration > 250ms'],
    ['service =', 'service =: what should it be?'],
    ['http.route =', 'http.route =: what should it be? Write "" for an empty value.'],
    ['service = ""', 'service =: what should it be?'],
    ['service != payment', 'service takes = only'],
    ['status = slow', 'status is error or ok'],
    ['duration > fast', 'duration must be a duration, such as 250ms or 1.2s'],
    ['duration = 1s', 'duration: write duration > 250ms or duration < 2s'],
    ['http.route > 5', 'http.route takes =, != or exists'],
    ['= payment', '“= payment” cannot be read: write key = value, such as http.route = /charges'],
    ['payment is slow', '“payment is slow” cannot be read: write key = value, such as http.route = /charges'],
    ['resource. = x', 'resource. must name an attribute, such as http.route=/orders'],
  ])('says what is wrong with “%s”', (line, said) => expect(parseLine(line)).toBe(said));

  it('reads back what it writes, several conditions in one line', () => {
    const text = fc.string({ minLength: 1, maxLength: 24, unit: 'grapheme' }).filter((value) => value.trim() !== '');
    const key = fc
      .stringMatching(/^[a-z][a-z0-9_.:/-]{0,14}$/)
      .filter((name) => canWrite(name) && !['service', 'operation', 'status', 'duration', 'source'].includes(name))
      .filter((name) => !/^(span|resource)\.?$/.test(name));
    const term: fc.Arbitrary<Term> = fc.oneof(
      fc.record({ field: fc.constantFrom('service' as const, 'operation' as const, 'source' as const), value: text }),
      fc.record({ field: fc.constant('status' as const), value: fc.constantFrom('error' as const, 'ok' as const) }),
      fc.record({ field: fc.constantFrom('min' as const, 'max' as const), ms: fc.integer({ min: 0, max: 100_000 }) }),
      fc
        .tuple(key, fc.constantFrom('=', '!='), fc.oneof(text, fc.constant('')))
        .map(([name, operator, value]) => attribute(`${name}${operator}${value}`)),
      key.map((name) => attribute(name)),
    );
    fc.assert(
      fc.property(fc.array(term, { minLength: 1, maxLength: 5 }), (terms) => {
        expect(parseLine(terms.map(formatTerm).join('  '))).toEqual(terms);
      }),
      { numRuns: 300 },
    );
  });
  it('never throws and does not hang, whatever is written', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (line) => ['string', 'object'].includes(typeof parseLine(line))),
    );
    const began = performance.now();
    parseLine(`a = ${'b '.repeat(2_000)}`);
    parseLine(`${'a exist '.repeat(1_000)}`);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

describe('conditions of a search', () => {
  const filters = withTerms(anything, [
    service('payment'),
    { field: 'operation', value: 'POST /charges' },
    attribute('http.route=/charges'),
    attribute('payment.provider'),
  ]);
  it('stand in the line in the order service, operation, attributes', () => {
    expect(termsOf(filters).map(formatTerm)).toEqual([
      'service = payment',
      'operation = POST /charges',
      'http.route = /charges',
      'payment.provider exists',
    ]);
  });
  it('lose the operation with another service, and keep it with the same', () => {
    expect(withTerms(filters, [service('order')]).operation).toBeNull();
    expect(withTerms(filters, [service('payment')]).operation).toBe('POST /charges');
  });
  it('have no condition twice', () => {
    expect(withTerms(filters, [attribute('payment.provider')]).attributes).toEqual(filters.attributes);
  });
  it('are edited in their place', () => {
    const edited = withEdited(filters, attribute('http.route=/charges'), [attribute('http.route=/refunds')]);
    expect(edited.attributes).toEqual(['http.route=/refunds', 'payment.provider']);
  });
  it('keep the operation when the service is edited into itself, and are gone when edited into something else', () => {
    expect(withEdited(filters, service('payment'), [service('payment')])).toEqual(filters);
    expect(withEdited(filters, service('payment'), [attribute('a=b')])).toMatchObject({
      service: null,
      operation: null,
    });
  });
  it('are removed one by one', () => {
    expect(withoutTerm(filters, attribute('payment.provider')).attributes).toEqual(['http.route=/charges']);
    expect(withoutTerm(filters, service('payment'))).toMatchObject({ service: null, operation: null });
  });
});
