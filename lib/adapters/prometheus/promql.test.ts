import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrometheusError } from './errors.ts';
import {
  duration,
  escapeRegex,
  labelList,
  oneOf,
  parsePromql,
  quote,
  selector,
  withLabel,
  wrapPromql,
} from './promql.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', '\\', '\n', '}', '{', ',', '`', "'", '#', 'a') }),
);

describe('selector', () => {
  it('writes classic names bare and quotes values', () => {
    expect(selector('up', [['job', '=', 'order'], oneOf('code', ['5xx', '4.4'])])).toBe(
      'up{job="order",code=~"5xx|4\\\\.4"}',
    );
    expect(selector('up')).toBe('up');
    expect(selector('', [['job', '=', 'a']])).toBe('{job="a"}');
  });

  it('quotes names with dots', () => {
    expect(selector('http.server.request.duration_bucket', [['service.name', '=', 'a']])).toBe(
      '{"http.server.request.duration_bucket","service.name"="a"}',
    );
  });

  it('stays one vector selector whatever the value', () => {
    fc.assert(
      fc.property(anyText, anyText, (value, other) => {
        const text = selector('up', [['job', '=', value], oneOf('code', [other])]);
        expect(() => parsePromql(`sum(${text})`)).not.toThrow();
        // One literal and nothing after it: what follows the second value is exactly the closing brace.
        expect(text.startsWith('up{job="') && text.endsWith('"}')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('quote', () => {
  it('can be read back', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const json = quote(text).replace(/\\x([0-9a-f]{2})/g, '\\u00$1');
        expect(JSON.parse(json)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('replaces halves of surrogate pairs, which UTF-8 cannot carry', () => {
    expect(quote('a\ud800b')).toBe('"a\ufffdb"');
  });
});

describe('escapeRegex', () => {
  it('matches the text itself', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        const pattern = new RegExp(`^(?:${escapeRegex(text)})$`, 's');
        expect(pattern.test(text)).toBe(true);
        expect(pattern.test(other)).toBe(text === other);
      }),
    );
  });
});

describe('parsePromql', () => {
  it.each([
    'up',
    ' sum by (job) (rate(http_requests_total{code=~"5.."}[5m] offset 1w)) ',
    'histogram_quantile(0.95, sum by (le) (rate(a_bucket[5m]))) > 0.5 and on () vector(1)',
    'up # a comment',
    '{"http.server.duration"}',
    'max_over_time(rate(x[1m])[5m:30s])',
    '"text"',
    '42',
  ])('takes %s', (expression) => {
    expect(parsePromql(expression)).toBe(expression.trim());
  });

  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['# only a comment', 'only a comment'],
    ['sum(', 'column 5'],
    ['up)', 'column 3'],
    ['up) or (vector(1)', 'column 3'],
    ['up{job="a"', 'column'],
    ['up up', 'column 4'],
    ['rate(x[5m]', 'column'],
    ['sum by (job) (\n  up{job=order}\n)', 'line 2, column'],
    ['up{job="a', 'column'],
  ])('refuses %j and says where', (expression, where) => {
    expect(() => parsePromql(expression)).toThrow(PrometheusError);
    try {
      parsePromql(expression);
    } catch (error) {
      expect((error as PrometheusError).detail).toContain(where);
      expect((error as PrometheusError).code).toBe('telemetry.query_invalid');
    }
  });

  it('refuses very long text', () => {
    expect(() => parsePromql('a'.repeat(10_001))).toThrow('longer than 10,000');
  });

  it('never lets text out of its parentheses', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('(', ')', 'up', ' or ', '"', '#', '\n', '{', '}', '[5m]', '1', '+') }),
        (text) => {
          let wrapped: string;
          try {
            wrapped = wrapPromql(text);
          } catch {
            return;
          }
          expect(() => parsePromql(`sum(${wrapped})`)).not.toThrow();
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

it('wraps an expression with a trailing comment whole', () => {
  expect(wrapPromql('up # all')).toBe('(up # all\n)');
});

it('refuses label names that are none in a by list', () => {
  expect(labelList(['job', 'le'])).toBe('job, le');
  expect(() => labelList(['job) or (up'])).toThrow(TypeError);
});

it('writes durations and fixed labels', () => {
  expect(duration(90_000)).toBe('90s');
  expect(duration(1_500)).toBe('1500ms');
  expect(withLabel('up', 'stat', 'a$1')).toBe('label_replace(up, "stat", "a$$1", "", "")');
});
