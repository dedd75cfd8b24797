import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPrometheus, type TestPrometheus } from '#deploy/local/testing/prometheus.ts';
import { conventions } from '#lib/adapters/prometheus/discovery.ts';
import { createPrometheus, type Prometheus, setPrometheusSources } from '#lib/adapters/prometheus/index.ts';
import { type ConventionFixture, fixtures } from '#lib/adapters/prometheus/testing/conventions.ts';
import {
  growing,
  type HistorySeries,
  histogramSeries,
  writeHistory,
} from '#lib/adapters/prometheus/testing/history.ts';
import { checkSource } from './check-source.ts';
import { compileIndicator } from './indicator.ts';
import { readOpenSlo } from './openslo/index.ts';
import type { Indicator, SloDefinition } from './schemas.ts';
import { findTemplates } from './templates.ts';

const minuteMs = 60_000;
const nowMs = Math.floor(Date.now() / minuteMs) * minuteMs;
const environment = 'production';
let server: TestPrometheus;
let stored: Awaited<ReturnType<typeof writeHistory>>;
let prometheus: Prometheus;

const counter = (
  labels: Record<string, string>,
  perSecond: number,
  more: Partial<HistorySeries> = {},
): HistorySeries => ({
  name: 'requests_total',
  labels,
  value: growing(perSecond),
  ...more,
});
const gauge = (name: string, labels: Record<string, string>, value: HistorySeries['value']): HistorySeries => ({
  name,
  labels,
  value,
});

/** One job for each way in which counters come and go. */
const own: HistorySeries[] = [
  counter({ job: 'usual', code: '200' }, 9),
  counter({ job: 'usual', code: '500' }, 1),
  counter({ job: 'usual', code: '500', deployment_environment_name: 'staging' }, 1_000),
  counter({ job: 'flawless', code: '200' }, 10),
  counter({ job: 'renamed', status: '200' }, 9),
  counter({ job: 'renamed', status: '500' }, 1),
  counter({ job: 'idle', code: '200' }, 0),
  counter({ job: 'dead', code: '200' }, 0, {
    value: (atMs) => (atMs < nowMs - 15 * minuteMs ? growing(10)(atMs) : null),
  }),
  counter({ job: 'broken', code: '500' }, 10),
  // Starts again at 0 each five minutes, one replica after the other.
  ...['a', 'b'].map((instance, i) =>
    counter({ job: 'restarting', instance, code: '200' }, 0, {
      value: (atMs) => ((atMs + i * 150_000) % 300_000) / 200,
    }),
  ),
  counter({ job: 'restarting', instance: 'a', code: '500' }, 5),
  ...histogramSeries('spelt', { job: 'new' }, { bounds: { '0.5': 0.5, '1.0': 0.9 }, perSecond: 10 }),
  ...histogramSeries('spelt', { job: 'old' }, { bounds: { '0.5': 0.5, '1': 0.9 }, perSecond: 10 }),
  gauge('probe_success', { job: 'blackbox', instance: 'https://shop.example/healthz' }, () => 1),
  gauge('probe_success', { job: 'blackbox', instance: 'https://gone.example/' }, (atMs) =>
    Math.floor(atMs / minuteMs) % 4 === 0 ? 0 : 1,
  ),
  gauge('success_ratio', { job: 'usual' }, () => 0.75),
  gauge('success_ratio', { job: 'empty' }, () => Number.NaN),
  gauge('in_flight', { job: 'usual' }, () => 8),
  gauge('in_flight_failed', { job: 'usual' }, () => 2),
  // Fails for a minute in every ten.
  counter({ job: 'bursts', code: '200' }, 10),
  counter({ job: 'bursts', code: '500' }, 0, {
    value: (atMs) => 10 * (Math.floor(atMs / 600_000) * 60 + Math.min(60, (atMs % 600_000) / 1_000)),
  }),
];

const spanMetrics = (service: string, calls: string, duration: string, bounds: [string, string]) => [
  ...['STATUS_CODE_OK', 'STATUS_CODE_ERROR'].map((status_code, i) => ({
    name: calls,
    labels: { service_name: service, span_kind: 'SPAN_KIND_SERVER', status_code },
    value: growing(i === 0 ? 9 : 1),
  })),
  ...histogramSeries(
    duration,
    { service_name: service, span_kind: 'SPAN_KIND_SERVER' },
    { bounds: { [bounds[0]]: 0.9, [bounds[1]]: 1 }, perSecond: 10 },
  ),
];
const called = (labels: Record<string, string>, status: string, codes: string[]) =>
  codes.flatMap((code, i) =>
    histogramSeries(
      'http_client_request_duration_seconds',
      { ...labels, [status]: code },
      { bounds: { '0.1': 0.9, '0.5': 1 }, perSecond: i === 0 ? 9 : 0.5 },
    ),
  );

/** Conventions that the shared fixtures leave out: callers and further names of span metrics. */
const further: Pick<ConventionFixture, 'id' | 'service' | 'series'>[] = [
  {
    id: 'spanmetrics-s',
    service: 'span-s',
    series: spanMetrics('span-s', 'traces_span_metrics_calls_total', 'traces_span_metrics_duration_seconds', [
      '0.1',
      '0.5',
    ]),
  },
  {
    id: 'spanmetrics-bare',
    service: 'bare',
    series: spanMetrics('bare', 'calls_total', 'duration_milliseconds', ['100', '500']),
  },
  {
    id: 'spanmetrics-bare-s',
    service: 'bare-s',
    series: spanMetrics('bare-s', 'calls_total', 'duration_seconds', ['0.1', '0.5']),
  },
  {
    id: 'otel-http-client',
    service: 'billing',
    series: called(
      { job: 'shop/basket', service_name: 'basket', peer_service: 'billing' },
      'http_response_status_code',
      ['200', '503', ''],
    ),
  },
  {
    id: 'istio-source',
    service: 'ratings',
    series: [
      ...['200', '0'].map((response_code, i) => ({
        name: 'istio_requests_total',
        labels: {
          reporter: 'source',
          destination_canonical_service: 'ratings',
          source_canonical_service: 'reviews',
          response_code,
        },
        value: growing(i === 0 ? 9 : 1),
      })),
      ...histogramSeries(
        'istio_request_duration_milliseconds',
        { reporter: 'source', destination_canonical_service: 'ratings' },
        { bounds: { '100': 0.9, '500': 1 }, perSecond: 10 },
      ),
    ],
  },
  {
    id: 'linkerd-outbound',
    service: 'ballot',
    series: [
      ...['success', 'failure'].map((classification, i) => ({
        name: 'response_total',
        labels: { deployment: 'web', dst_deployment: 'ballot', direction: 'outbound', classification },
        value: growing(i === 0 ? 9 : 1),
      })),
      ...histogramSeries(
        'response_latency_ms',
        { deployment: 'web', dst_deployment: 'ballot', direction: 'outbound' },
        { bounds: { '100': 0.9, '500': 1 }, perSecond: 10 },
      ),
    ],
  },
];
const all = [...fixtures, ...further];
const placeOf = (id: string) => {
  if (conventions.find((convention) => convention.id === id)?.side === 'caller') return 'caller';
  return ['envoy', 'ingress-nginx', 'traefik'].includes(id) ? 'gateway' : 'service';
};

beforeAll(async () => {
  const recent = [{ fromMs: nowMs - 15 * minuteMs, toMs: nowMs, stepMs: 15_000 }];
  const long = [{ fromMs: nowMs - 130 * minuteMs, toMs: nowMs, stepMs: 15_000 }];
  const isLong = ({ labels }: HistorySeries) => ['bursts', 'dead', 'blackbox'].includes(labels.job ?? '');
  // One writing keeps both spans in one database.
  const within = (series: HistorySeries): HistorySeries =>
    isLong(series)
      ? series
      : { ...series, value: (atMs) => (atMs >= (recent[0]?.fromMs ?? 0) ? series.value(atMs) : null) };
  stored = await writeHistory([...own, ...all.flatMap(({ series }) => series)].map(within), long);
  server = await startPrometheus({ dataDir: stored.dataDir, config: 'global: {scrape_interval: 15s}' });
  prometheus = createPrometheus(
    {
      id: 'indicators',
      name: 'Prometheus',
      url: server.url,
      timeoutMs: 20_000,
      scrapeIntervalMs: 15_000,
      environmentLabel: 'deployment_environment_name',
      defaultEnvironment: environment,
    },
    { isolated: true },
  );
  setPrometheusSources([prometheus]);
});
afterAll(async () => {
  setPrometheusSources(null);
  await server?.stop();
  stored?.remove();
});

async function value(expression: string): Promise<number | null> {
  const { series } = await prometheus.instantQuery(expression, { atMs: nowMs });
  expect(series.length).toBeLessThanOrEqual(1);
  for (const { labels } of series) expect(labels).toEqual({});
  return series[0]?.points.at(-1)?.[1] ?? null;
}

async function figures(
  definition: Pick<SloDefinition, 'environment' | 'indicator' | 'budgeting'>,
  windowMs = 5 * minuteMs,
) {
  const compiled = compileIndicator(definition, prometheus.source);
  return { bad: await value(compiled.badRate(windowMs)), total: await value(compiled.totalRate(windowMs)) };
}

const occurrences = { method: 'occurrences' } as const;
const of = (indicator: Indicator, budgeting: SloDefinition['budgeting'] = occurrences) => ({
  environment,
  indicator,
  budgeting,
});
const bad = (part: string, total: string) => of({ kind: 'ratio', counter: true, good: null, bad: part, total });
const good = (part: string, total: string) => of({ kind: 'ratio', counter: true, good: part, bad: null, total });
const byCode = (job: string, match = 'code=~"5.."') =>
  bad(`sum(requests_total{job="${job}", ${match}})`, `sum(requests_total{job="${job}"})`);
const byGood = (job: string, match = 'code=~"2.."') =>
  good(`sum(requests_total{job="${job}", ${match}})`, `sum(requests_total{job="${job}"})`);

describe('counters in a real Prometheus', () => {
  it.each<[string, ReturnType<typeof of>, number | null, number | null]>([
    ['failures among requests, of its environment alone', byCode('usual'), 1, 10],
    ['no failure yet is none, not unknown', byCode('flawless'), 0, 10],
    ['a renamed label is unknown, not 100 % good', byCode('renamed'), null, 10],
    ['a renamed label is unknown for what is good', byGood('renamed'), null, 10],
    ['a renamed label is unknown where good is what is not bad', byGood('renamed', 'code!~"5.."'), null, 10],
    [
      'a renamed label is unknown where good is subtracted',
      bad('requests_total{job="renamed"} - requests_total{job="renamed",code!~"5.."}', 'requests_total{job="renamed"}'),
      null,
      10,
    ],
    ['what is not bad is good while the label is there', byGood('usual', 'code!~"5.."'), 1, 10],
    ['no traffic is no events', byCode('idle'), 0, 0],
    ['a dead service is unknown', byCode('dead'), null, null],
    ['a metric that is not there is unknown', byCode('nobody'), null, null],
    ['failing since its birth, told by good', byGood('broken'), 10, 10],
    ['failing since its birth, told by bad', byCode('broken'), 10, 10],
    [
      'another metric that was never incremented is unknown',
      bad('failures_total{job="usual"}', 'requests_total{job="usual"}'),
      null,
      10,
    ],
    [
      'two ways to fail, one of which never happened',
      bad(
        'requests_total{job="usual",code="500"} + requests_total{job="usual",code="504"}',
        'requests_total{job="usual"}',
      ),
      1,
      10,
    ],
    [
      'two ways to fail that overlap',
      bad(
        'requests_total{job="usual",code=~"5.."} or requests_total{job="usual",code="500"}',
        'requests_total{job="usual"}',
      ),
      1,
      10,
    ],
    [
      'a part that is subtracted',
      bad('requests_total{job="usual"} - requests_total{job="usual",code="200"}', 'requests_total{job="usual"}'),
      1,
      10,
    ],
    ['a bucket as Prometheus 3 writes it', good('spelt_bucket{job="new",le="1"}', 'spelt_count{job="new"}'), 1, 10],
    ['a bucket as it was written before', good('spelt_bucket{job="old",le="1.0"}', 'spelt_count{job="old"}'), 1, 10],
    ['a bucket that is not there', good('spelt_bucket{job="old",le="0.7"}', 'spelt_count{job="old"}'), null, 10],
  ])('%s', async (_, definition, expectedBad, expectedTotal) => {
    const { bad: badRate, total } = await figures(definition);
    if (expectedBad === null) expect(badRate).toBeNull();
    else expect(badRate).toBeCloseTo(expectedBad, 1);
    if (expectedTotal === null) expect(total).toBeNull();
    else expect(total).toBeCloseTo(expectedTotal, 1);
  });

  it('that start again are added up before they are summed', async () => {
    const { bad: badRate, total } = await figures(byCode('restarting'));
    expect(badRate).toBeCloseTo(5, 1);
    expect(total).toBeGreaterThan(14);
    expect(total).toBeLessThan(16);
  });

  it('give the ledger selectors that find what the rates count', async () => {
    for (const definition of [
      byCode('usual'),
      bad(
        'requests_total{job="usual",code=~"5.."} or requests_total{job="usual",code="500"}',
        'requests_total{job="usual"}',
      ),
    ]) {
      const { atoms } = compileIndicator(definition, prometheus.source);
      const parts = atoms
        ?.filter(({ role }) => role === 'bad')
        .map(({ selector }) => `(sum(rate(${selector}[5m])) or vector(0))`);
      expect(await value(parts?.join(' + ') ?? '')).toBeCloseTo(1, 1);
    }
  });
});

describe('samples and slices in a real Prometheus', () => {
  const perSecond = 1 / 30;
  const share = async (definition: ReturnType<typeof of>, windowMs: number) => {
    const { bad: badRate, total } = await figures(definition, windowMs);
    return { total, ratio: badRate === null || !total ? null : badRate / total };
  };

  it('a probe that fails a quarter of the time', async () => {
    const query = 'probe_success{instance="https://gone.example/"}';
    const found = await share(of({ kind: 'threshold', query, op: 'gte', value: 1 }), 60 * minuteMs);
    expect(found.ratio).toBeCloseTo(0.25, 1);
    expect(found.total).toBeCloseTo(perSecond, 3);
  });

  it('a raw ratio, without what is no number', async () => {
    const success = await share(of({ kind: 'raw', type: 'success', query: 'success_ratio' }), 10 * minuteMs);
    expect(success.ratio).toBeCloseTo(0.25, 6);
    expect(success.total).toBeCloseTo(perSecond, 2);
    const failure = await share(
      of({ kind: 'raw', type: 'failure', query: 'success_ratio{job="usual"}' }),
      10 * minuteMs,
    );
    expect(failure.ratio).toBeCloseTo(0.75, 6);
    expect(
      (await share(of({ kind: 'raw', type: 'failure', query: 'success_ratio{job="empty"}' }), 10 * minuteMs)).total,
    ).toBeNull();
  });

  it('values that are no counters', async () => {
    const ratio = { kind: 'ratio', counter: false, total: 'in_flight{job="usual"}' } as const;
    const found = await share(of({ ...ratio, good: null, bad: 'in_flight_failed{job="usual"}' }), 10 * minuteMs);
    expect(found.ratio).toBeCloseTo(0.25, 6);
    const rest = await share(of({ ...ratio, bad: null, good: 'in_flight_failed{job="usual"}' }), 10 * minuteMs);
    expect(rest.ratio).toBeCloseTo(0.75, 6);
    expect((await share(of({ ...ratio, good: null, bad: 'nothing{job="usual"}' }), 10 * minuteMs)).total).toBeNull();
  });

  it('slices of a minute, one of which fails in ten', async () => {
    const { indicator } = byCode('bursts');
    const slices = await share(
      of(indicator, { method: 'timeslices', sliceMs: minuteMs, sliceTarget: 0.9 }),
      120 * minuteMs,
    );
    // A burst that does not begin with a slice takes two.
    expect(slices.ratio).toBeGreaterThan(0.09);
    expect(slices.ratio).toBeLessThan(0.21);
    expect(slices.total).toBeCloseTo(1 / 60, 3);
    const ratios = await share(of(indicator, { method: 'ratioTimeslices', sliceMs: minuteMs }), 120 * minuteMs);
    expect(ratios.ratio).toBeGreaterThan(0.04);
    expect(ratios.ratio).toBeLessThan(0.07);
    expect(await figures(of(byCode('idle').indicator, { method: 'ratioTimeslices', sliceMs: minuteMs }))).toEqual({
      bad: null,
      total: null,
    });
  });
});

describe('templates', () => {
  it('know every convention of the discovery map', () => {
    expect(all.map(({ id }) => id).sort()).toEqual(conventions.map(({ id }) => id).sort());
  });

  it.each(all.map((fixture) => [fixture.id, fixture] as const))('%s gives figures', async (id, { service }) => {
    const templates = await findTemplates(environment, service);
    const mine = templates.filter(({ definition }) => definition.measuredAt === placeOf(id));
    const kinds = mine.map(({ definition }) => definition.category);
    expect(kinds).toEqual(id === 'http-requests' ? ['availability'] : ['availability', 'latency']);
    expect(mine.filter(({ id: own }) => [`${id}-availability`, `${id}-latency`].includes(own))).not.toEqual([]);
    for (const { definition, source } of mine) {
      const { slos, problems } = readOpenSlo(source, { defaultEnvironment: 'elsewhere' });
      expect(problems).toEqual([]);
      expect(slos[0]?.definition).toEqual(definition);
      const { bad: badRate, total } = await figures(definition);
      expect(total).toBeCloseTo(10, 1);
      expect(badRate).toBeCloseTo(definition.category === 'availability' ? 1 : 0, 1);
      const { problems: found } = await checkSource(definition);
      expect(found.filter(({ code }) => code !== 'slo.better_place')).toEqual([]);
    }
  });

  it('measure at the callers, the proxy or a probe before the service itself, and say so', async () => {
    const places = async (service: string) =>
      (await findTemplates(environment, service)).map(({ id, definition }) => `${id} ${definition.measuredAt}`);
    expect(await places('reviews')).toEqual([
      'istio-source-availability caller',
      'istio-availability service',
      'istio-latency service',
    ]);
    expect(await places('storefront')).toEqual(['ingress-nginx-availability gateway', 'ingress-nginx-latency gateway']);
    expect(await places('shop')).toEqual(['blackbox-availability probe']);
    const [probe] = await findTemplates(environment, 'shop');
    expect(probe?.definition.indicator).toMatchObject({ kind: 'threshold', op: 'gte', value: 1 });
    expect(await figures(probe?.definition as SloDefinition)).toMatchObject({ bad: 0 });
    const [atCaller] = await findTemplates(environment, 'billing');
    expect(atCaller?.reason).toContain('Counted by who calls billing (basket)');
    const [itself] = await findTemplates(environment, 'legacy');
    expect(itself?.reason).toContain('a dead service costs no budget');
  });

  it('are none where nothing reports', async () => {
    expect(await findTemplates(environment, 'nobody"} or up{x="')).toEqual([]);
    expect(await findTemplates('staging', 'cart')).toEqual([]);
  });
});

describe('a definition against the source', () => {
  const template = async (service: string, change: Partial<SloDefinition> = {}) => {
    const [first] = await findTemplates(environment, service);
    return { ...(first as { definition: SloDefinition }).definition, ...change };
  };
  const codes = async (definition: SloDefinition) =>
    (await checkSource(definition)).problems.map(({ level, code }) => `${level} ${code}`);

  it('names the buckets that there are, the nearest first', async () => {
    const { problems } = await checkSource(
      await template('cart', {
        indicator: good(
          'http_server_request_duration_seconds_bucket{job="shop/cart",le="0.4"}',
          'http_server_request_duration_seconds_count{job="shop/cart"}',
        ).indicator,
      }),
    );
    expect(problems.find(({ code }) => code === 'slo.no_bucket')).toMatchObject({
      level: 'error',
      message: expect.stringContaining('nearest first: 0.5, 0.1.'),
    });
  });

  it('says what finds nothing, and what takes everything', async () => {
    const base = await template('legacy', { measuredAt: 'caller' });
    expect(await codes({ ...base, indicator: byCode('nobody').indicator })).toContain('warning slo.no_series');
    expect(await codes({ ...base, indicator: byCode('renamed').indicator })).toEqual(['warning slo.no_series']);
    expect(await codes({ ...base, indicator: byCode('renamed', 'code=~"5..|"').indicator })).toEqual([
      'warning slo.label_absent',
    ]);
    expect(await codes({ ...base, indicator: byCode('flawless').indicator })).toEqual([]);
  });

  it('counts series, and says that little traffic makes one failure an alert', async () => {
    const quiet = await template('cart', { measuredAt: 'caller', target: 0.9999999 });
    const { found, problems } = await checkSource(quiet);
    expect(found).toMatchObject({ seriesTotal: 2, seriesGood: 1, ratePerSecond: expect.closeTo(2.5, 0) });
    expect(problems.map(({ code }) => code)).toEqual(['slo.low_traffic']);
  });

  it('points to a better place', async () => {
    const [, itself] = (await findTemplates(environment, 'reviews')).map(({ definition }) => definition);
    const { problems } = await checkSource(itself as SloDefinition);
    expect(problems.find(({ code }) => code === 'slo.better_place')?.message).toContain('Istio, at the caller');
  });

  it('says what the engine refuses', async () => {
    const indicator: Indicator = {
      kind: 'raw',
      type: 'success',
      query: 'success_ratio / on(job) in_flight{job=~".*"} + rate(up)',
    };
    expect(await codes(await template('cart', { indicator, measuredAt: 'caller' }))).toEqual([
      'error slo.query_refused',
    ]);
  });

  it('that does not answer is a warning, not a failure', async () => {
    const away = createPrometheus({ ...prometheus.source, id: 'away', url: 'http://127.0.0.1:9' }, { isolated: true });
    const definition = await template('cart');
    setPrometheusSources([away]);
    const { problems, found } = await checkSource(definition);
    setPrometheusSources([]);
    const none = await checkSource(definition);
    setPrometheusSources([prometheus]);
    expect(found).toBeNull();
    expect(problems.map(({ level, code }) => `${level} ${code}`)).toEqual(['warning slo.source_away']);
    expect(none).toMatchObject({ found: null, problems: [{ code: 'slo.source_away' }] });
  });
});
