import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noFilters } from './logs-url.ts';
import { formatTerm, parseLine, type Term, termsOf, withoutTerm, withTerms } from './terms.ts';

const word = (value: string): Term => ({ field: 'word', value });
const attribute = (filter: string): Term => ({ field: 'attribute', filter });

describe('a line that is typed', () => {
  test.each<[string, Term[]]>([
    ['', []],
    ['declined', [word('declined')]],
    ['card "no funds"', [word('card'), word('no funds')]],
    ['service = payment', [{ field: 'service', value: 'payment' }]],
    ['service=payment declined', [{ field: 'service', value: 'payment' }, word('declined')]],
    ['level >= warn', [{ field: 'level', value: 'warn' }]],
    ['level = ERROR', [{ field: 'level', value: 'error' }]],
    ['http.route = /charges/:id', [attribute('http.route=/charges/:id')]],
    ['reason != "no funds"', [attribute('reason!=no funds')]],
    ['error.type exists', [attribute('error.type')]],
    ['exists', [word('exists')]],
    ['n=', [attribute('n=')]],
    ['c0ffee00c0ffee00c0ffee00c0ffee00', [{ field: 'trace', value: 'c0ffee00c0ffee00c0ffee00c0ffee00' }]],
    ['trace = c0ffee', [{ field: 'trace', value: 'c0ffee'.padStart(32, '0') }]],
    ['"a = b"', [word('a = b')]],
    ['"say \\"hi\\""', [word('say "hi"')]],
    ['"not closed', [word('not closed')]],
  ])('%j', (line, terms) => expect(parseLine(line)).toEqual(terms));

  test.each([
    ['service =', 'what should it be'],
    ['service != a', 'takes ='],
    ['level = loud', 'one of trace'],
    ['level != warn', '>='],
    ['trace = xyz', '32 hexadecimal'],
    ['span = g', '16 hexadecimal'],
    ['n >= 5', 'takes =, != or exists'],
  ])('%s is told apart: %s', (line, said) => expect(parseLine(line)).toContain(said));

  test('never fails, and what is written is read back', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (line) => parseLine(line) !== undefined));
    const text = fc.string({ minLength: 1, unit: 'grapheme' }).filter((value) => value.trim() !== '');
    const key = fc.stringMatching(/^[a-z][a-z._]{0,10}$/).filter((name) => !/^(service|level|trace|span)$/.test(name));
    const term = fc.oneof(
      text.map(word),
      text.map((value): Term => ({ field: 'service', value })),
      fc
        .tuple(key, fc.constantFrom('=', '!='), fc.string())
        .map(([name, op, value]) => attribute(`${name}${op}${value}`)),
      key.map(attribute),
    );
    fc.assert(
      fc.property(fc.array(term, { maxLength: 6 }), (terms) => {
        expect(parseLine(terms.map(formatTerm).join(' '))).toEqual(terms);
      }),
    );
  });
});

test('conditions are added once and taken away again', () => {
  const terms = parseLine('service = a service = b x = 1 hello') as Term[];
  const filters = withTerms(withTerms(noFilters, terms), terms);
  expect(termsOf(filters)).toEqual(terms);
  expect(terms.reduce(withoutTerm, filters)).toEqual(noFilters);
});
