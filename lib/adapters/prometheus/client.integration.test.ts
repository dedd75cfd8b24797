import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPrometheus, type TestPrometheus } from '#deploy/local/testing/prometheus.ts';
import { createPrometheus } from './client.ts';
import type { Prometheus } from './port.ts';
import { selector } from './promql.ts';
import { startExporter } from './testing/exporter.ts';
import { type HistorySeries, writeHistory } from './testing/history.ts';

const minute = 60_000;
const nowMs = Math.floor(Date.now() / minute) * minute;
const nasty = 'a"b\\c{}\n#`é';

const history: HistorySeries[] = [
  { name: 'steady', labels: { job: 'a' }, value: () => 1 },
  // Silent for ten minutes, which is longer than Prometheus looks back.
  { name: 'gappy', labels: {}, value: (at) => (at > nowMs - 40 * minute && at < nowMs - 30 * minute ? null : 1) },
  { name: 'nasty', labels: { text: nasty }, value: () => 7 },
  { name: 'counted', labels: { n: 'a' }, value: (at) => (nowMs - at) / 1_000 },
  { name: 'counted', labels: { n: 'b' }, value: (at) => (at > nowMs - 5 * minute ? null : 1) },
];

let server: TestPrometheus;
let stored: Awaited<ReturnType<typeof writeHistory>>;
let exporter: Awaited<ReturnType<typeof startExporter>>;
let requests = 0;

beforeAll(async () => {
  stored = await writeHistory(history, [{ fromMs: nowMs - 60 * minute, toMs: nowMs, stepMs: 15_000 }]);
  exporter = await startExporter(() => {
    requests += 5;
    const seconds = Date.now() / 1_000;
    return [
      '# HELP req_seconds How long.',
      '# TYPE req_seconds histogram',
      `req_seconds_bucket{le="0.1"} ${requests} # {trace_id="4bf92f3577b34da6a3ce929d0e0e4736",span_id="00f067aa0ba902b7"} 0.067 ${seconds}`,
      `req_seconds_bucket{le="+Inf"} ${requests}`,
      `req_seconds_count ${requests}`,
      `req_seconds_sum ${requests * 0.05}`,
      '',
    ].join('\n');
  });
  server = await startPrometheus({
    dataDir: stored.dataDir,
    config: [
      'global: {scrape_interval: 1s}',
      'scrape_configs:',
      '  - job_name: exporter',
      `    static_configs: [{targets: ["${exporter.address}"]}]`,
    ].join('\n'),
  });
});

afterAll(async () => {
  await server?.stop();
  await exporter?.close();
  stored?.remove();
});

const open = (url = server.url): Prometheus =>
  createPrometheus(
    {
      id: 'p',
      name: 'Prometheus',
      url,
      timeoutMs: 10_000,
      scrapeIntervalMs: 1_000,
      environmentLabel: 'env',
      defaultEnvironment: 'production',
    },
    { isolated: true },
  );

async function until<T>(ask: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
  for (let i = 0; i < 60; i++) {
    const value = await ask();
    if (done(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('it did not come to pass in 15 s');
}

describe('against a real Prometheus', () => {
  it('reads an instant', async () => {
    const answer = await open().instantQuery('steady', { atMs: nowMs });
    expect(answer).toMatchObject({ asOfMs: nowMs, fromCache: false, stale: null, warnings: [] });
    expect(answer.series).toEqual([{ labels: { __name__: 'steady', job: 'a' }, points: [[nowMs, 1]] }]);
  });

  it('leaves a gap where there was silence, on an aligned grid', async () => {
    const grid = { fromMs: nowMs - 59 * minute + 1_234, toMs: nowMs + 999, stepMs: minute };
    const { series } = await open().rangeQuery('gappy', grid);
    const points = series[0]?.points ?? [];
    expect(points).toHaveLength(60);
    expect(points.every(([at]) => at % minute === 0)).toBe(true);
    const gap = points.filter(([, value]) => value === null).map(([at]) => (nowMs - at) / minute);
    // It looks back five minutes, so the gap shows for the second half of the silence.
    expect(Math.max(...gap)).toBeLessThanOrEqual(35);
    expect(Math.min(...gap)).toBeGreaterThanOrEqual(30);
    expect(gap.length).toBeGreaterThanOrEqual(4);
  });

  it('reads raw samples from a beginning to before an end, whole series at a time', async () => {
    const range = { fromMs: nowMs - 10 * minute, toMs: nowMs };
    const { series } = await open().rawSamples('counted', range);
    const [a, b] = series.toSorted((one, other) => (one.labels.n ?? '').localeCompare(other.labels.n ?? ''));
    expect(a?.points).toHaveLength(40);
    expect(a?.points[0]).toEqual([nowMs - 10 * minute, 600]);
    expect(a?.points.at(-1)).toEqual([nowMs - 15_000, 15]);
    // No stale marker, nothing made up after its end.
    expect(b?.points.at(-1)?.[0]).toBe(nowMs - 5 * minute);
    expect((await open().rawSamples('counted{n="c"}', range)).series).toEqual([]);
    expect((await open().rawSamples('counted{n="b"}', { ...range, fromMs: nowMs - minute })).series).toEqual([]);
  });

  it.each([
    [{ maxSeries: 1 }, 'More than 1 series'],
    [{ maxSamples: 50 }, 'More than 50 samples'],
  ])('refuses more raw samples than %o', async (limits, words) => {
    const failure = await open()
      .rawSamples('counted', { fromMs: nowMs - 10 * minute, toMs: nowMs }, limits)
      .catch((error) => error);
    expect(failure).toMatchObject({ kind: 'too_large', detail: expect.stringContaining(words) });
  });

  it('keeps NaN and infinities', async () => {
    const value = async (query: string) => (await open().instantQuery(query)).series[0]?.points[0]?.[1];
    expect(await value('vector(1) / 0')).toBe(Number.POSITIVE_INFINITY);
    expect(await value('vector(-1) / 0')).toBe(Number.NEGATIVE_INFINITY);
    expect(await value('vector(0) / 0')).toBeNaN();
    expect(await value('scalar(vector(2))')).toBe(2);
  });

  it('finds a label value whatever characters it has', async () => {
    const { series } = await open().instantQuery(selector('nasty', [['text', '=', nasty]]), { atMs: nowMs });
    expect(series[0]?.labels.text).toBe(nasty);
  });

  it.each([
    ['sum(', 'telemetry.query_invalid', 'column'],
    ['no_such_function(up)', 'telemetry.query_invalid', 'no_such_function'],
    [
      'steady + on(job) group_left() (steady or label_replace(steady, "x", "y", "", ""))',
      'telemetry.query_invalid',
      'evaluate',
    ],
    ['rate(steady)', 'telemetry.query_invalid', 'range vector'],
  ])('says what is wrong with %s', async (query, code, words) => {
    const failure = await open()
      .instantQuery(query, { atMs: nowMs })
      .catch((error) => error);
    expect(failure).toMatchObject({ code, detail: expect.stringContaining(words) });
  });

  it('reads names, labels, series, metadata, rules, targets and version', async () => {
    const prometheus = open();
    const names = await until(
      () => prometheus.labelValues('__name__', {}, { ttlMs: 1 }),
      ({ data }) => data.includes('up'),
    );
    expect(names.data).toContain('steady');
    expect((await prometheus.labelNames({ matchers: ['nasty'] })).data).toContain('text');
    expect((await prometheus.series(['steady'])).data).toEqual([{ __name__: 'steady', job: 'a' }]);
    const { data: metadata } = await until(
      () => prometheus.metadata({ ttlMs: 1 }),
      ({ data }) => 'req_seconds' in data,
    );
    expect(metadata.req_seconds).toMatchObject({ type: 'histogram', help: 'How long.' });
    expect((await prometheus.rules()).data).toEqual([]);
    const { data: targets } = await until(
      () => prometheus.targets({ ttlMs: 1 }),
      ({ data }) => data[0]?.health === 'up',
    );
    expect(targets).toHaveLength(1);
    expect(await prometheus.buildInfo()).toEqual({ version: expect.stringMatching(/^\d+\./) });
    expect(prometheus.health().version).toMatch(/^\d+\./);
  });

  it('reads exemplars with their traces', async () => {
    const prometheus = open();
    const range = () => ({ fromMs: Date.now() - minute, toMs: Date.now() + 1_000 });
    const ask = () => prometheus.exemplars('req_seconds_bucket', range(), { ttlMs: 1 });
    const { data } = await until(ask, (answer) => answer.data.length > 0);
    expect(data[0]).toMatchObject({
      labels: { trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' },
      seriesLabels: { __name__: 'req_seconds_bucket', le: '0.1' },
      value: 0.067,
    });
  });

  it('says since when Prometheus is away, stands in meanwhile, and recovers', async () => {
    const own = await startPrometheus({ config: 'global: {scrape_interval: 1s}' });
    const prometheus = open(own.url);
    const ask = () => prometheus.instantQuery('vector(1)', { staleIfError: true });
    expect((await ask()).stale).toBeNull();
    await own.stop();
    const beganMs = Date.now();
    const away = await until(ask, ({ stale }) => stale !== null);
    expect(away.stale?.reason).toContain('refused');
    expect(Math.abs((away.stale?.sinceMs ?? 0) - beganMs)).toBeLessThan(5_000);
    expect(prometheus.health()).toMatchObject({ state: 'failing' });
    const again = await startPrometheus({
      config: 'global: {scrape_interval: 1s}',
      port: Number(new URL(own.url).port),
    });
    try {
      expect((await until(ask, ({ stale }) => stale === null)).series).toHaveLength(1);
      expect(prometheus.health()).toMatchObject({ state: 'ok', failingSinceMs: null });
    } finally {
      await again.stop();
    }
  });
});
