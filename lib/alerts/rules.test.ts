import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unitOf, windowIn } from './chart-rules.ts';
import { lengthWords, windowMs } from './explain-alert.ts';
import { comparisonsOf } from './expression.ts';
import { linkedExpression } from './find-rule.ts';
import { severityOf, summaryOf } from './label-rules.ts';
import { decodeAlertCursor, encodeAlertCursor } from './list-cursor.ts';
import { matcherProblem, narrows, servicesOf, valuesOf } from './silence-rules.ts';

describe('the comparisons of an expression', () => {
  const burn =
    'bad{slo="a"} / (total{slo="a"} > 0) > 14.4 * (1 - 0.999) and b / t > 14.4 * (1 - 0.999) and bad * 3600 >= 5';
  test.each<[string, [string, string, number][]]>([
    ['up == 0', [['up', '==', 0]]],
    ['0.5 < a / b', [['a / b', '>', 0.5]]],
    ['(rate(x[5m]) > 2 * 3) unless y', [['rate(x[5m])', '>', 6]]],
    ['x > bool -1', [['x', '>', -1]]],
    ['a > 1 or b > 2', []],
    ['absent(up)', []],
    ['a > b', []],
    ['1 > 2', []],
    ['(', []],
    ['', []],
    [
      burn,
      [
        ['bad{slo="a"} / (total{slo="a"} > 0)', '>', 14.4 * (1 - 0.999)],
        ['b / t', '>', 14.4 * (1 - 0.999)],
        ['bad * 3600', '>=', 5],
      ],
    ],
  ])('%s', (expression, expected) => {
    expect(comparisonsOf(expression).map(({ left, operator, threshold }) => [left, operator, threshold])).toEqual(
      expected,
    );
  });

  test('know a burn rate by its threshold', () => {
    expect(comparisonsOf(burn).map(({ burn: found }) => found)).toEqual([
      { factor: 14.4, target: 0.999 },
      { factor: 14.4, target: 0.999 },
      null,
    ]);
    expect(comparisonsOf('a > 14.4 * (1 - 1.5)')[0]?.burn).toBeNull();
  });

  test('are found without falling over, whatever is written', () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(comparisonsOf(text))));
  });
});

describe('matchers of a silence', () => {
  const matcher = (name: string, value: string, isRegex = false, isEqual = true) => ({ name, value, isRegex, isEqual });

  test.each([
    ['.*', false],
    ['.+', false],
    ['(.+)', false],
    ['[\\s\\S]+', false],
    ['.|..+', false],
    ['(?s).*', false],
    ['(?i)ORDER', true],
    ['order|payment', true],
    ['.*order.*', true],
    ['\\pL+', true],
    ['(', true],
  ])('=~ %s narrows: %s', (value, expected) => {
    expect(narrows(matcher('service', value, true))).toBe(expected);
  });

  test('must name something', () => {
    expect(matcherProblem([matcher('service', 'order')])).toBeNull();
    expect(matcherProblem([matcher('service', 'order'), matcher('alertname', '.+', true)])).toBeNull();
    expect(matcherProblem([matcher('service', '')])).toContain('not empty');
    expect(matcherProblem([matcher('service', 'order', false, false)])).toContain('not empty');
    expect(matcherProblem([matcher('alertname', '.+', true)])).toContain('everything');
    expect(matcherProblem([matcher('alertname', '', false, false)])).toContain('everything');
    expect(matcherProblem([matcher('a', '.+', true), matcher('b', 'x', false, false)])).toContain('everything');
  });

  test('tell the values that a label can have, or that it may have others', () => {
    expect(valuesOf([matcher('service', 'order')], 'service')).toEqual(['order']);
    expect(valuesOf([matcher('service', '(order|pay\\.ment)', true)], 'service')).toEqual(['order', 'pay.ment']);
    for (const value of ['ord.*', 'order|', '', 'a|b+', '(a|b', '[ab]']) {
      expect([value, valuesOf([matcher('service', value, true)], 'service')]).toEqual([value, null]);
    }
    expect(valuesOf([matcher('service', 'order', false, false)], 'service')).toBeNull();
    expect(servicesOf([matcher('job', 'a'), matcher('service', 'b')])).toEqual(['b']);
  });
});

test('a cursor is what it was made of, and nothing else is one', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 12 }),
      fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
      fc.uuid(),
      (rank, at, id) => {
        expect(decodeAlertCursor(encodeAlertCursor({ rank, at, id }))).toEqual({ rank, at, id });
      },
    ),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => decodeAlertCursor(text)).toThrow('request.cursor_invalid');
    }),
  );
});

test('labels, links and lengths are read as they are written', () => {
  expect([severityOf('Critical'), severityOf('warning'), severityOf(undefined)]).toEqual(['page', 'ticket', 'other']);
  expect(summaryOf({ description: ' first\nsecond ' }, 'Name')).toBe('first');
  expect(summaryOf({}, 'Name')).toBe('Name');
  expect(summaryOf({ summary: 'x'.repeat(900) }, 'Name')).toHaveLength(500);
  expect(linkedExpression('http://p/graph?g0.expr=up+%3D%3D+0&g0.tab=1')).toBe('up == 0');
  for (const url of [null, '', 'no address', 'http://p/graph']) expect(linkedExpression(url)).toBeNull();
  expect([windowMs('1h'), windowMs('5m'), windowMs('1.5h'), windowMs(undefined)]).toEqual([
    3_600_000,
    300_000,
    null,
    null,
  ]);
  expect([45, 90, 3_600, 5_430, 172_800].map(lengthWords)).toEqual(['45 s', '2 min', '1 h', '1 h 31 min', '2 days']);
  expect([windowIn('slo:sli_bad:rate30m{a="b"} / x'), windowIn('rate(x[5m])'), windowIn('up')]).toEqual([
    '30m',
    '5m',
    null,
  ]);
  expect([
    unitOf('a / b', 0.05),
    unitOf('process_memory_bytes', 1e9),
    unitOf('rate(x[5m])', 3),
    unitOf('up', 0),
  ]).toEqual(['ratio', 'bytes', 'perSecond', 'count']);
});
