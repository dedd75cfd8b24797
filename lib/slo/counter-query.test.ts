import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { selector } from '#lib/adapters/prometheus/index.ts';
import { CounterQueryError, readCounterQuery } from './counter-query.ts';

const plain = (text: string) =>
  readCounterQuery(text).map(({ sign, kind, selectors, ...rest }) => {
    const bounds = 'lower' in rest ? ` ${rest.lower}..${rest.upper}` : '';
    const names = selectors.map(({ metric, matchers }) => selector(metric, matchers)).join(' | ');
    return `${sign === 1 ? '+' : '-'} ${kind}${bounds} ${names}`;
  });

describe('a counter', () => {
  test.each<[string, string[]]>([
    ['a', ['+ counter a']],
    ['  sum(a{x="1"})\n', ['+ counter a{x="1"}']],
    ['sum by (job, route) (rate(a{x="1"}[5m]))', ['+ counter a{x="1"}']],
    ['sum without (instance) (increase(a[1h]))', ['+ counter a']],
    ['sum(rate(a[5m])) by (job)', ['+ counter a']],
    ['a + b - (c - d)', ['+ counter a', '+ counter b', '- counter c', '+ counter d']],
    ['sum(a + b)', ['+ counter a', '+ counter b']],
    ['sum(a or b or rate(c[5m]))', ['+ counter a | b | c']],
    ['a or b', ['+ counter a | b']],
    ['histogram_count(h{x="1"})', ['+ histogramCount h{x="1"}']],
    ['histogram_count(sum(rate(h[5m])))', ['+ histogramCount h']],
    ['histogram_fraction(0, 0.5, sum(rate(h[5m])))', ['+ histogramFraction 0..0.5 h']],
    ['histogram_fraction(-Inf, 1e3, h) # the rest', ['+ histogramFraction -Inf..1e3 h']],
    [`{__name__="a", x='it"s'}`, ['+ counter a{x="it\\"s"}']],
    ['{"a.b", x=`\\d`}', ['+ counter {"a.b",x="\\\\d"}']],
    ['a{x="\\u00e9\\n"}', ['+ counter a{x="é\\n"}']],
    ['a{"k.b"!~"c"}', ['+ counter a{"k.b"!~"c"}']],
    ['# first\na', ['+ counter a']],
  ])('%s', (text, expected) => expect(plain(text)).toEqual(expected));

  test.each<[string, string, number]>([
    ['', 'empty', 0],
    ['sum(a', 'ends too early', 5],
    ['max(a)', 'is no sum', 0],
    ['a + avg(b)', 'avg(…) is no sum', 4],
    ['rate(sum(a)[5m:])', 'does not see counters start again', 0],
    ['rate(sum(a))', 'does not see counters start again', 0],
    ['a[5m]', 'belongs inside rate', 0],
    ['irate(a[5m])', 'loses events', 0],
    ['a * 2', '* is no sum', 2],
    ['a / b', '/ is no sum', 2],
    ['a > 0', '> is no sum', 2],
    ['sum(a) or vector(0)', 'leave "or vector(0)" away', 7],
    ['sum(a) or sum(b)', 'only while there is no a', 7],
    ['sum(a) or b', 'only while there is no a', 7],
    ['a + on(x) b', 'not needed', 4],
    ['a offset 5m', 'another time', 0],
    ['a @ 10', 'another time', 0],
    ['1', 'is no selector', 0],
    ['a + 1', 'is no selector', 4],
    ['"a"', 'is no selector', 0],
    ['-a', 'a sign', 0],
    ['{job="x"}', 'must name a metric', 0],
    ['label_replace(a, "b", "", "", "")', 'label_replace(…) is no counter', 0],
    ['histogram_fraction(0, b, h)', 'bounds must be numbers', 22],
    ['histogram_count(a + b)', 'one native histogram', 16],
    ['histogram_quantile(0.9, h)', 'is no counter', 0],
    ['\n\n  max(a)', 'is no sum', 4],
  ])('%s is refused', (text, message, offset) => {
    let caught: unknown;
    try {
      readCounterQuery(text);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(CounterQueryError);
    expect((caught as CounterQueryError).message).toContain(message);
    expect((caught as CounterQueryError).offset).toBe(offset);
  });

  test('keeps every value of a label, however it is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (value) => {
        const text = selector('a', [['x', '=', value]]);
        expect(readCounterQuery(text)[0]?.selectors[0]?.matchers).toEqual([['x', '=', value]]);
      }),
    );
  });

  test('says no to anything else without any other error', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        try {
          expect(readCounterQuery(text).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(CounterQueryError);
        }
      }),
    );
  });
});
