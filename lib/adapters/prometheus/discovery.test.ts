import { describe, expect, it } from 'vitest';
import { candidateNames, conventions, pickSource, recognise } from './discovery.ts';
import { parsePromql } from './promql.ts';
import { environmentMatcher, redNow, redSparkline, workloads } from './red.ts';
import { fixtures } from './testing/conventions.ts';

describe('recognise', () => {
  it.each(fixtures.map(({ id, series }) => [id, series] as const))('%s by its names', (id, series) => {
    const found = recognise(new Set(series.map(({ name }) => name)));
    expect(found.filter(({ side }) => side === 'server').map((source) => source.id)).toEqual([id]);
    expect(found[0]?.duration?.secondsPerUnit).toBe(
      found[0]?.duration?.metric.match(/_(milliseconds|ms|rq_time)$/) ? 0.001 : found[0]?.duration ? 1 : undefined,
    );
  });

  it('span metrics by whichever unit their durations have', () => {
    const of = (...names: string[]) => recognise(new Set(names)).map(({ id, buckets }) => [id, buckets]);
    expect(of('calls_total', 'duration_milliseconds_bucket')).toEqual([
      ['spanmetrics-bare', 'duration_milliseconds_bucket'],
    ]);
    expect(of('calls_total', 'duration_seconds_bucket')).toEqual([['spanmetrics-bare-s', 'duration_seconds_bucket']]);
    expect(of('calls_total')).toEqual([['spanmetrics-bare', null]]);
  });

  it('a native histogram, which has one name only', () => {
    const [source] = recognise(new Set(['http_server_request_duration_seconds']));
    expect(source).toMatchObject({ id: 'otel-http', native: 'http_server_request_duration_seconds', buckets: null });
    const scope = { environment: [], windowMs: 60_000 };
    expect(redNow([source as NonNullable<typeof source>], scope)).toContain('histogram_count(');
    expect(redNow([source as NonNullable<typeof source>], scope)).toContain('histogram_quantile(0.99');
  });

  it('nothing in names that only look alike', () => {
    expect(recognise(new Set(['http_server_request_duration_seconds_sum', 'requests_total', 'up']))).toEqual([]);
  });

  it('callers beside servers', () => {
    const names = new Set(['http_client_request_duration_seconds_count', 'istio_requests_total']);
    expect(recognise(names).map(({ id, side }) => [id, side])).toEqual([
      ['istio', 'server'],
      ['otel-http-client', 'caller'],
      ['istio-source', 'caller'],
    ]);
  });
});

describe('one source for a service', () => {
  const figures = (entries: [string, number][]) => new Map(entries.map(([id, rate]) => [id, { rate }]));
  it.each([
    [
      [
        ['istio', 10],
        ['otel-http', 10],
      ],
      'otel-http',
    ],
    [
      [
        ['istio', 10],
        ['spanmetrics', 8],
      ],
      'spanmetrics',
    ],
    [
      [
        ['otel-http', 0],
        ['otel-rpc', 5],
      ],
      'otel-rpc',
    ],
    [
      [
        ['otel-http', 0],
        ['otel-rpc', 0],
      ],
      'otel-http',
    ],
    [[['unheard-of', 5]], null],
    [[], null],
  ] as [[string, number][], string | null][])('of %j is %s', (entries, id) => {
    expect(pickSource(figures(entries))?.[0] ?? null).toBe(id);
  });
});

it('has an id for each convention', () => {
  expect(new Set(conventions.map(({ id }) => id)).size).toBe(conventions.length);
});

it('writes PromQL that parses, whatever exists and whatever the service is called', () => {
  const names = new Set(candidateNames());
  const all = recognise(names);
  for (const service of [undefined, 'order', 'a"b\\c.*', '$1']) {
    const scope = {
      environment: [['env', '=~', 'production|'] as const],
      windowMs: 60_000,
      ...(service ? { service } : {}),
    };
    expect(() => parsePromqlOf(redNow(all, scope))).not.toThrow();
    expect(() => parsePromqlOf(redSparkline(all, scope))).not.toThrow();
  }
  expect(() =>
    parsePromqlOf(workloads(new Set(['up', 'target_info', 'quarterdeck_replica_up']), []) ?? ''),
  ).not.toThrow();
  expect(workloads(new Set(), [])).toBeNull();
});

/** Generated queries may be longer than what a person may type: each arm is parsed by itself. */
function parsePromqlOf(query: string): void {
  for (const arm of query.split('\nor\n')) parsePromql(arm);
}

describe('the environment', () => {
  const source = { environmentLabel: 'env', defaultEnvironment: 'production' } as Parameters<
    typeof environmentMatcher
  >[0];
  it.each([
    [source, 'staging', ['env', '=', 'staging']],
    [source, 'production', ['env', '=~', 'production|']],
    [{ ...source, environment: 'live' }, 'live', null],
    [{ ...source, environment: 'live' }, 'production', undefined],
  ] as const)('%o %s', (from, environment, matcher) => {
    expect(environmentMatcher(from as typeof source, environment)).toEqual(matcher);
  });
});
