import { describe, expect, it } from 'vitest';
import { readResult, toNumber } from './answer.ts';
import { connectionError, statusError } from './errors.ts';
import { durationMs, labelPath, metadata, targets } from './wire.ts';

describe('toNumber', () => {
  it.each([
    ['1.5', 1.5],
    ['NaN', Number.NaN],
    ['+Inf', Number.POSITIVE_INFINITY],
    ['-Inf', Number.NEGATIVE_INFINITY],
    ['1e-9', 1e-9],
  ])('reads %s', (text, value) => expect(toNumber(text)).toBe(value));

  it('refuses what is no number', () => {
    expect(() => toNumber('one')).toThrow('not as the Prometheus API');
    expect(() => toNumber('')).toThrow();
  });
});

describe('readResult', () => {
  it('reads vectors, matrices, scalars and strings', () => {
    expect(readResult({ resultType: 'vector', result: [{ metric: { job: 'a' }, value: [1.5, '2'] }] }).series).toEqual([
      { labels: { job: 'a' }, samples: [[1_500, 2]] },
    ]);
    const matrix = {
      resultType: 'matrix',
      result: [
        {
          metric: {},
          values: [
            [1, '+Inf'],
            [2, 'NaN'],
          ],
        },
      ],
    };
    expect(readResult(matrix).series[0]?.samples).toEqual([
      [1_000, Number.POSITIVE_INFINITY],
      [2_000, Number.NaN],
    ]);
    expect(readResult({ resultType: 'scalar', result: [1, '3'] }).series[0]?.samples).toEqual([[1_000, 3]]);
    expect(readResult({ resultType: 'string', result: [1, 'x'] }).series[0]?.labels).toEqual({ value: 'x' });
  });

  it('says that native histograms are left out', () => {
    const answer = readResult({ resultType: 'vector', result: [{ metric: {}, histogram: [1, {}] }] });
    expect(answer.series).toEqual([]);
    expect(answer.warnings[0]).toContain('Native histograms');
  });

  it.each([
    null,
    {},
    { resultType: 'vector', result: {} },
    { resultType: 'matrix', result: [{ metric: {}, values: [[1, 2]] }] },
    { resultType: 'matrix', result: [{ metric: { a: 1 }, values: [] }] },
    { resultType: 'cube', result: [] },
  ])('refuses %j', (data) => expect(() => readResult(data)).toThrow('not as the Prometheus API'));
});

describe('errors in words', () => {
  const at = 'prom:9090';
  it.each([
    [
      400,
      { errorType: 'bad_data', error: 'invalid parameter "query": 1:5: parse error: unexpected end' },
      'telemetry.query_invalid',
      'at column 5: unexpected end',
    ],
    [
      400,
      { errorType: 'bad_data', error: '2:7: parse error: oops' },
      'telemetry.query_invalid',
      'at line 2, column 7: oops',
    ],
    [
      400,
      { errorType: 'bad_data', error: 'exceeded maximum resolution of 11,000 points per timeseries' },
      'telemetry.query_too_large',
      '11,000 points',
    ],
    [
      422,
      { errorType: 'execution', error: 'found duplicate series' },
      'telemetry.query_invalid',
      'found duplicate series',
    ],
    [
      422,
      { errorType: 'execution', error: 'query processing would load too many samples into memory' },
      'telemetry.query_too_large',
      'too many samples',
    ],
    [
      503,
      { errorType: 'timeout', error: 'query timed out in expression evaluation' },
      'source.timeout',
      'took too long',
    ],
    [503, null, 'source.unavailable', 'prom:9090 answered 503'],
    [502, null, 'source.unavailable', 'answered 502'],
    [401, null, 'source.refused', 'asks for credentials'],
    [403, null, 'source.refused', 'does not let us in'],
    [404, null, 'source.garbled', 'no Prometheus API below this address'],
    [302, null, 'source.garbled', 'no Prometheus API below this address'],
    [429, null, 'source.unavailable', 'limits the number'],
  ])('%i %j', (status, body, code, words) => {
    const error = statusError(status, body, at);
    expect(error.code).toBe(code);
    expect(error.detail).toContain(words);
  });

  it.each([
    ['ECONNREFUSED', 'the connection was refused', true],
    ['ENOTFOUND', 'cannot be resolved', true],
    ['ETIMEDOUT', 'no answer within 15 s', true],
    ['ECONNRESET', 'broke off', true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate', true],
    ['ERR_CANCELED', 'cancelled', false],
    ['EWHATEVER', 'cannot be reached (EWHATEVER)', true],
  ])('%s', (code, words, isOutage) => {
    const error = connectionError({ code }, at, 15_000);
    expect(error.detail).toContain(words);
    expect(error.isOutage).toBe(isOutage);
  });
});

it('reads durations as Prometheus writes them', () => {
  expect(durationMs('1m30s')).toBe(90_000);
  expect(durationMs('500ms')).toBe(500);
  expect(durationMs('soon')).toBeNull();
});

it('keeps the first description where targets disagree', () => {
  const found = metadata({
    a_total: [
      { type: 'counter', help: 'A.' },
      { type: 'gauge', help: 'B.' },
    ],
  });
  expect(found).toEqual({ a_total: { type: 'counter', help: 'A.', unit: '' } });
});

it('knows a target that was never scraped', () => {
  const data = {
    activeTargets: [{ labels: {}, health: 'odd', lastScrape: '0001-01-01T00:00:00Z', scrapeInterval: '5s' }],
  };
  expect(targets(data)[0]).toMatchObject({ health: 'unknown', lastScrapeMs: null, scrapeIntervalMs: 5_000 });
});

it('writes label names with dots as Prometheus 3 takes them in a path', () => {
  expect(labelPath('job')).toBe('job');
  expect(labelPath('service.name')).toBe('U__service_2e_name');
});
