import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bucket, byWhatHurts, gridTimesMs, histogramQuantile, judge, pointsOf, type StateInput } from './rules.ts';
import type { RedFigures, ServiceSummary } from './schemas.ts';

const red = (change: Partial<RedFigures> = {}): RedFigures => ({
  rate: 50,
  errorRatio: 0,
  p50Ms: 10,
  p95Ms: 40,
  p99Ms: 80,
  ...change,
});
const idle = red({ rate: 0, errorRatio: null, p50Ms: null, p95Ms: null, p99Ms: null });
const up = { ready: 2, desired: 2, restartsLastHour: 0 };

describe('the state of a service', () => {
  const cases: [string, Partial<StateInput>, string, string[]][] = [
    ['all is well', {}, 'ok', []],
    ['too many of its requests fail', { red: red({ errorRatio: 0.124 }) }, 'failing', ['12 % of requests fail']],
    ['a few fail', { red: red({ errorRatio: 0.009 }) }, 'ok', []],
    ['one of five requests fails', { red: red({ rate: 5 / 60, errorRatio: 0.2 }) }, 'ok', []],
    [
      'it is dead and its callers say so',
      { red: null, callers: { rate: 3.2, errorRatio: 1 }, replicas: { ...up, ready: 0 } },
      'failing',
      ['callers see 100 % of 3.2 requests/s fail', 'no replica is up'],
    ],
    [
      'it is well by itself, but its callers do not reach it',
      { callers: { rate: 50, errorRatio: 0.3 } },
      'failing',
      ['callers see 30 % of 50 requests/s fail'],
    ],
    [
      'no replica is up, and nobody calls',
      { red: null, replicas: { ...up, ready: 0 } },
      'failing',
      ['no replica is up'],
    ],
    [
      'it was scaled to nothing',
      { red: null, replicas: { ready: 0, desired: 0, restartsLastHour: null } },
      'no_data',
      ['nothing reports for it'],
    ],
    ['it is slow', { red: red({ p95Ms: 620 }) }, 'slow', ['p95 is 620 ms, over 500 ms']],
    [
      'it is slower than last week',
      { red: red({ p95Ms: 400 }), lastWeek: red({ p95Ms: 200 }) },
      'slow',
      ["p95 is ×2 of last week's 200 ms"],
    ],
    ['twice next to nothing', { red: red({ p95Ms: 8 }), lastWeek: red({ p95Ms: 4 }) }, 'ok', []],
    [
      'it fails slowly',
      { red: red({ errorRatio: 0.5, p95Ms: 2_000 }) },
      'failing',
      ['50 % of requests fail', 'p95 is 2 s, over 500 ms'],
    ],
    ['nobody asks', { red: idle }, 'no_traffic', []],
    ['nothing is known', { red: null, replicas: null }, 'no_data', ['nothing reports for it']],
    [
      'only callers are known',
      { red: null, replicas: null, callers: { rate: 2, errorRatio: 0 } },
      'no_data',
      ['only its callers report for it'],
    ],
    ['a replica is missing', { replicas: { ...up, ready: 1 } }, 'ok', ['1 of 2 replicas are up']],
    ['it restarted', { replicas: { ...up, restartsLastHour: 1 } }, 'ok', ['1 restart in the last hour']],
    [
      'the source is down',
      { isStale: true, red: red({ errorRatio: 1 }) },
      'stale',
      ['the source does not answer', '100 % of requests fail'],
    ],
    ['a client runs', { kind: 'client', red: null }, 'ok', []],
    ['a client is gone', { kind: 'client', red: null, replicas: { ...up, ready: 0 } }, 'failing', ['no replica is up']],
    ['a client is unknown', { kind: 'client', red: null, replicas: null }, 'no_data', ['nothing reports for it']],
  ];
  it.each(cases)('when %s', (_, change, state, reasons) => {
    const usual: StateInput = {
      kind: 'service',
      red: red(),
      lastWeek: null,
      callers: null,
      replicas: up,
      windowMs: 60_000,
      isStale: false,
    };
    expect(judge({ ...usual, ...change })).toEqual({ state, reasons });
  });
});

describe('what hurts comes first', () => {
  const service = (name: string, change: Partial<ServiceSummary>) =>
    ({
      name,
      kind: 'service',
      state: 'ok',
      tier: null,
      red: null,
      callers: null,
      replicas: null,
      ...change,
    }) as ServiceSummary;
  const own = (rate: number, errorRatio: number) => ({ ...red({ rate, errorRatio }), convention: 'x', lastWeek: null });

  it('orders by state, failures, missing replicas, tier and name', () => {
    const list = [
      service('z-fine', {}),
      service('a-fine', {}),
      service('important', { tier: 1 }),
      service('traffic', { kind: 'client', tier: 1 }),
      service('short', { replicas: { ready: 1, desired: 2, restartsLastHour: null } }),
      service('idle', { state: 'no_traffic' }),
      service('silent', { state: 'no_data' }),
      service('slow', { state: 'slow' }),
      service('fails-a-bit', { state: 'failing', red: own(10, 0.1) }),
      service('fails-much', { state: 'failing', red: own(100, 0.5) }),
      service('dead', { state: 'failing', callers: { rate: 200, errorRatio: 1 } }),
    ];
    expect(list.sort(byWhatHurts).map(({ name }) => name)).toEqual([
      'dead',
      'fails-much',
      'fails-a-bit',
      'slow',
      'silent',
      'idle',
      'short',
      'important',
      'a-fine',
      'z-fine',
      'traffic',
    ]);
  });

  it('is an order', () => {
    const any = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      kind: fc.constantFrom('service' as const, 'client' as const),
      state: fc.constantFrom('failing' as const, 'slow' as const, 'stale' as const, 'ok' as const),
      tier: fc.option(fc.integer({ min: 1, max: 4 })),
      callers: fc.option(fc.record({ rate: fc.nat(9), errorRatio: fc.constantFrom(0, 0.5, 1) })),
      red: fc.constant(null),
      replicas: fc.option(fc.record({ ready: fc.nat(3), desired: fc.nat(3), restartsLastHour: fc.constant(null) })),
    }) as unknown as fc.Arbitrary<ServiceSummary>;
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        expect(Math.sign(byWhatHurts(a, b))).toBe(-Math.sign(byWhatHurts(b, a)) || 0);
        if (byWhatHurts(a, b) <= 0 && byWhatHurts(b, c) <= 0) expect(byWhatHurts(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('a quantile of buckets', () => {
  const buckets = (...pairs: [number, number][]): Bucket[] => pairs.map(([bound, count]) => ({ bound, count }));
  const infinity = Number.POSITIVE_INFINITY;
  it.each([
    ['interpolates within a bucket', 0.5, buckets([0.1, 0], [0.2, 10], [infinity, 10]), 0.15],
    ['starts the first bucket at zero', 0.5, buckets([0.1, 10], [infinity, 10]), 0.05],
    ['knows no more than the highest bound', 0.99, buckets([0.1, 5], [infinity, 10]), 0.1],
    ['takes bounds in any order', 0.5, buckets([infinity, 10], [0.2, 10], [0.1, 0]), 0.15],
    ['evens out buckets that were scraped apart', 0.9, buckets([0.1, 10], [0.2, 8], [infinity, 10]), 0.09],
    ['is unknown without observations', 0.5, buckets([0.1, 0], [infinity, 0]), null],
    ['is unknown without an infinite bucket', 0.5, buckets([0.1, 1], [0.2, 2]), null],
    ['is unknown with one bucket', 0.5, buckets([infinity, 2]), null],
    ['is unknown without buckets', 0.5, [], null],
  ] as [string, number, Bucket[], number | null][])('%s', (_, quantile, given, expected) => {
    const found = histogramQuantile(quantile, given);
    if (expected === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(expected, 9);
  });

  it('grows with the quantile and stays within the bounds', () => {
    const some = fc.array(fc.nat(50), { minLength: 2, maxLength: 12 }).map((counts) => {
      let sum = 0;
      return counts.map((count, i) => {
        sum += count;
        return { bound: i === counts.length - 1 ? infinity : (i + 1) / 10, count: sum };
      });
    });
    fc.assert(
      fc.property(
        some,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (given, a, b) => {
          const [low, high] = [histogramQuantile(Math.min(a, b), given), histogramQuantile(Math.max(a, b), given)];
          if (low === null || high === null) return;
          expect(low).toBeLessThanOrEqual(high + 1e-9);
          expect(high).toBeLessThanOrEqual((given.at(-2)?.bound ?? 0) + 1e-9);
        },
      ),
    );
  });
});

it('gives the instants of a grid', () => {
  const grid = { from: '2026-11-21T14:00:00.000Z', to: '2026-11-21T14:02:00.000Z', stepMs: 60_000 };
  const start = Date.UTC(2026, 10, 21, 14);
  expect(gridTimesMs(grid)).toEqual([start, start + 60_000, start + 120_000]);
  expect(pointsOf(grid, [1, null])).toEqual([
    [start, 1],
    [start + 60_000, null],
  ]);
});
