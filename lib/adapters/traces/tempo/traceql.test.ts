import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TraceSearch } from '../port.ts';
import { evaluate, type Intrinsics, parseTraceql } from '../testing/traceql.ts';
import { attribute, filter, quote, traceql } from './traceql.ts';

const options = { inEnvironment: true, entriesOnly: false, mostRecent: false };
const search = (wanted: Partial<TraceSearch> = {}): TraceSearch => ({
  environment: 'production',
  fromMs: 0,
  toMs: 1,
  attributes: [],
  limit: 10,
  order: 'newest',
  ...wanted,
});
const span = (wanted: Partial<Intrinsics>): Intrinsics => ({
  span: {},
  resource: { 'service.name': 'order', 'deployment.environment.name': 'production' },
  name: 'GET /',
  kind: 'server',
  status: 'unset',
  durationNs: 1_000_000n,
  nestedSetParent: -1,
  ...wanted,
});

/** Lone surrogates, controls and the signs of the language among them. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom('"', '\\', '}', '|', '\n'),
      fc.nat(0xffff).map((unit) => String.fromCharCode(unit)),
    ),
  )
  .map((parts) => parts.join(''));

describe('strings', () => {
  test('escape quotes, backslashes and line ends', () => {
    expect(quote('a "b" \\ c\n')).toBe('"a \\"b\\" \\\\ c\\n"');
    expect(quote('\ud800')).toBe('"\ufffd"');
  });

  test('stay one string whatever they hold', () => {
    fc.assert(
      fc.property(anyText, anyText, (service, value) => {
        const query = traceql(
          search({ service, operation: value, attributes: [{ scope: 'span', key: 'a b', operator: '=', value }] }),
          options,
        );
        const fitting = span({
          name: value.toWellFormed(),
          resource: { 'service.name': service.toWellFormed(), 'deployment.environment.name': 'production' },
          span: { 'a b': value.toWellFormed() },
        });
        const parsed = parseTraceql(query);
        expect(evaluate(parsed, [fitting])).toEqual(new Set([0]));
        expect(evaluate(parsed, [span({ ...fitting, name: `${fitting.name}!` })])).toBeNull();
      }),
    );
  });

  test('odd keys are quoted, and cannot end the query', () => {
    expect(attribute('span', 'http.route')).toBe('span.http.route');
    expect(attribute('resource', 'a b"} || {')).toBe('resource."a b\\"} || {"');
    expect(attribute('either', '')).toBe('.""');
  });
});

describe('filters', () => {
  test('compare text and what it may stand for, under every name', () => {
    expect(filter({ scope: 'span', key: 'http.status_code', operator: '=', value: '500' })).toBe(
      '(span.http.status_code = "500" || span.http.status_code = 500 || span.http.response.status_code = "500" || span.http.response.status_code = 500)',
    );
    expect(filter({ key: 'cached', operator: '!=', value: 'true' })).toBe('(.cached != "true" || .cached != true)');
    expect(filter({ key: 'order.id', operator: 'exists' })).toBe('.order.id != nil');
    expect(filter({ key: 'n', operator: '=', value: '007' })).toBe('.n = "007"');
    expect(filter({ key: 'n', operator: '=', value: '9'.repeat(40) })).toBe(`.n = "${'9'.repeat(40)}"`);
  });
});

describe('queries', () => {
  const body = (wanted: Partial<TraceSearch>, given = {}) =>
    traceql(search(wanted), { ...options, inEnvironment: false, ...given }).replace(/ \| select\(.*?\)/, '');

  test('without a service ask for roots, and for the trace as a whole', () => {
    expect(body({ status: 'error', minDurationMs: 1.5, attributes: [{ key: 'a', operator: '=', value: 'b' }] })).toBe(
      '{ duration >= 1500000ns && nestedSetParent < 0 } && { status = error } && { .a = "b" }',
    );
  });

  test('of a service ask one span for everything', () => {
    expect(body({ service: 'order', status: 'ok' }, { entriesOnly: true })).toBe(
      '{ resource.service.name = "order" && status != error && (kind = server || kind = consumer || nestedSetParent < 0) }',
    );
  });

  test('take a query of a person as it is, beside fields', () => {
    expect(body({ query: ' { name = "x" } ' })).toBe('{ name = "x" }');
    expect(body({ query: '{ name = "a | b" }', service: 'order' })).toBe(
      '({ name = "a | b" }) && { resource.service.name = "order" }',
    );
    expect(body({ query: '{ true || false } | count() > 2', service: 'order' })).toBe(
      '({ true || false } | count() > 2) && ({ resource.service.name = "order" })',
    );
    expect(body({ query: '{} with (most_recent=true)' }, { mostRecent: true })).toBe('{} with (most_recent=true)');
  });

  test('ask for the newest at their end', () => {
    expect(traceql(search(), { ...options, mostRecent: true })).toMatch(
      / \| select\([^)]*\) with \(most_recent=true\)$/,
    );
  });
});
