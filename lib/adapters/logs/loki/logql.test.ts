import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeTextTerm } from '#lib/core/text-terms.ts';
import { type Entry, readLogql, unquote } from '../testing/logql-reader.ts';
import { attributeName, countByLevel, escapeRegex, levelOfWord, pipeline, quote, selector } from './logql.ts';

const labels = { environment: 'deployment_environment_name', service: 'service_name' };
const any = fc.string({
  unit: fc.oneof(fc.constantFrom('"', '\\', '`', '\n', '|', '{', '}', '.', '*', '('), fc.string()),
});

const entry = (change: Partial<Entry> = {}): Entry => ({
  timeNs: 1n,
  stream: { deployment_environment_name: 'production', service_name: 'order' },
  beside: {},
  line: '',
  ...change,
});

describe('what a person typed', () => {
  test('comes back out of its literal as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(unquote(quote(text))).toBe(text.toWellFormed());
      }),
    );
  });

  test('leaves the query one whole query, and finds just the lines that hold it', () => {
    fc.assert(
      fc.property(any, any, (term, line) => {
        if (term.trim() === '') return;
        const query =
          selector(labels, 'production', 'production', []) + pipeline({ text: writeTextTerm(term), attributes: [] });
        const { matches } = readLogql(query);
        expect(matches(entry({ line: `${line}${term}${line}` }))).toBe(true);
        // Where lower case changes a length, JavaScript and its patterns do not agree; ASCII is enough here.
        if (/^[\x20-\x7e]*$/.test(term + line)) {
          expect(matches(entry({ line }))).toBe(line.toLowerCase().includes(term.toLowerCase()));
        }
      }),
    );
  });

  test('is only ever a value, as service, environment or attribute', () => {
    fc.assert(
      fc.property(any, any, any, (environment, service, value) => {
        fc.pre(environment !== '' && service !== '');
        const services = [service, 'other'];
        const filter = { key: 'k', operator: '=' as const, value };
        const { matches } = readLogql(
          selector(labels, environment, 'production', services) + pipeline({ attributes: [filter] }),
        );
        const own = { deployment_environment_name: environment.toWellFormed(), service_name: service.toWellFormed() };
        expect(matches(entry({ stream: own, beside: { k: value.toWellFormed() } }))).toBe(true);
        expect(matches(entry({ stream: own, beside: { k: `${value}!` } }))).toBe(false);
        expect(matches(entry({ stream: { ...own, service_name: `${service}!!` } }))).toBe(false);
      }),
    );
  });

  test('is no pattern', () => {
    expect(escapeRegex('a.b*c[d](e){f}+?|^$\\')).toBe('a\\.b\\*c\\[d\\]\\(e\\)\\{f\\}\\+\\?\\|\\^\\$\\\\');
  });

  test.each([
    ['http.route', 'http_route'],
    ['order-id', 'order_id'],
    ['a b"c', 'a_b_c'],
    ['9lives', 'key_9lives'],
    ['plain_1', 'plain_1'],
  ])('the attribute %s is kept as %s', (key, name) => expect(attributeName(key)).toBe(name));
});

describe('streams', () => {
  test('without a label for the environment belong to the usual one only', () => {
    const homeless = entry({ stream: { service_name: 'order' } });
    expect(readLogql(selector(labels, 'production', 'production', [])).matches(homeless)).toBe(true);
    expect(readLogql(selector(labels, 'staging', 'production', [])).matches(homeless)).toBe(false);
    expect(
      readLogql(selector({ ...labels, environment: null }, 'production', 'production', [])).matches(homeless),
    ).toBe(true);
  });
});

describe('levels', () => {
  const atLeast = (atLeastLevel: 'warn' | 'error', beside: Record<string, string>) =>
    readLogql(`{service_name="order"}${pipeline({ atLeast: atLeastLevel, attributes: [] })}`).matches(
      entry({ beside }),
    );

  test.each([
    [{ severity_number: '17' }, true],
    [{ severity_number: '13' }, false],
    // The number is the sender's; a word that Loki found in the line does not overrule it.
    [{ severity_number: '9', detected_level: 'error' }, false],
    [{ detected_level: 'critical' }, true],
    [{ detected_level: 'unknown' }, false],
    [{ level: 'ERROR' }, true],
    [{}, false],
  ])('%j is an error: %s', (beside, is) => expect(atLeast('error', beside as Record<string, string>)).toBe(is));

  test.each([
    ['Information', 'info'],
    ['WARNING', 'warn'],
    ['crit', 'fatal'],
    ['unknown', null],
    ['', null],
  ])('%s means %s', (word, level) => expect(levelOfWord(word)).toBe(level));
});

test('a count is by level, in whole milliseconds', () => {
  const { count } = readLogql(countByLevel('{service_name="order"}', 60_000));
  expect(count).toEqual({
    by: ['severity_number', 'detected_level'],
    windowNs: 60_000_000_000n,
    offsetNs: 1_000_000n,
  });
});
