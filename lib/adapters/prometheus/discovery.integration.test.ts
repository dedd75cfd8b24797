import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPrometheus, type TestPrometheus } from '#deploy/local/testing/prometheus.ts';
import { createPrometheus } from './client.ts';
import { candidateNames, pickSource, type RedSource, recognise } from './discovery.ts';
import type { Prometheus, Series } from './port.ts';
import { oneOf, selector } from './promql.ts';
import {
  bucketRate,
  durationQuantile,
  errorRate,
  redNow,
  requestRate,
  serviceLabel,
  sourceLabel,
  statLabel,
} from './red.ts';
import { fixtures } from './testing/conventions.ts';
import { writeHistory } from './testing/history.ts';

const nowMs = Math.floor(Date.now() / 60_000) * 60_000;
let server: TestPrometheus;
let stored: Awaited<ReturnType<typeof writeHistory>>;
let prometheus: Prometheus;
let sources: RedSource[];

beforeAll(async () => {
  const all = fixtures.flatMap(({ series }) => series);
  // One service that the application, a mesh and span metrics measure at once.
  const twice = [
    ...(fixtures.find(({ id }) => id === 'istio')?.series ?? []),
    ...(fixtures.find(({ id }) => id === 'spanmetrics')?.series ?? []),
  ].map((series) => ({
    ...series,
    labels: Object.fromEntries(
      Object.entries(series.labels).map(([label, value]) => [
        label,
        ['reviews', 'frontend'].includes(value) ? 'cart' : value,
      ]),
    ),
  }));
  const span = { fromMs: nowMs - 15 * 60_000, toMs: nowMs, stepMs: 15_000 };
  stored = await writeHistory([...all, ...twice], [span]);
  server = await startPrometheus({ dataDir: stored.dataDir, config: 'global: {scrape_interval: 15s}' });
  prometheus = createPrometheus(
    {
      id: 'p',
      name: 'Prometheus',
      url: server.url,
      timeoutMs: 20_000,
      scrapeIntervalMs: 15_000,
      environmentLabel: 'deployment_environment_name',
      defaultEnvironment: 'production',
    },
    { isolated: true },
  );
  const { data } = await prometheus.labelValues('__name__', {
    matchers: [selector('', [oneOf('__name__', candidateNames())])],
  });
  sources = recognise(new Set(data));
});
afterAll(async () => {
  await server?.stop();
  stored?.remove();
});

const scope = { environment: [], windowMs: 60_000 };
const figureOf = (series: Series[], match: Record<string, string>) =>
  series.find(({ labels }) => Object.entries(match).every(([label, value]) => labels[label] === value))?.points[0]?.[1];

describe('all conventions beside each other in one Prometheus', () => {
  let now: Series[];
  beforeAll(async () => {
    now = (await prometheus.instantQuery(redNow(sources, scope), { atMs: nowMs })).series;
  });

  it.each(fixtures.map((fixture) => [fixture.id, fixture] as const))(
    '%s: rate, errors and durations',
    async (id, { service, p95Seconds }) => {
      const match = { [serviceLabel]: service, [sourceLabel]: id };
      expect(figureOf(now, { ...match, [statLabel]: 'rate' })).toBeCloseTo(10, 1);
      expect(figureOf(now, { ...match, [statLabel]: 'errors' })).toBeCloseTo(1, 1);
      const source = sources.find((found) => found.id === id) as RedSource;
      if (!p95Seconds) {
        expect(bucketRate(source, scope)).toBeNull();
        return;
      }
      expect(figureOf(now, { ...match, [statLabel]: 'bucket', le: '+Inf' })).toBeCloseTo(10, 1);
      const p95 = await prometheus.instantQuery(durationQuantile(source, { ...scope, service }, 0.95) as string, {
        atMs: nowMs,
      });
      const value = p95.series[0]?.points[0]?.[1];
      expect(value).toBeGreaterThan(p95Seconds[0]);
      expect(value).toBeLessThanOrEqual(p95Seconds[1]);
    },
  );

  it.each(fixtures.map((fixture) => [fixture.id, fixture] as const))(
    '%s: one service by itself gives the same',
    async (id, { service }) => {
      const source = sources.find((found) => found.id === id) as RedSource;
      const own = { ...scope, service };
      const { series } = await prometheus.instantQuery(requestRate(source, own), { atMs: nowMs });
      expect(series.map(({ labels }) => labels[serviceLabel])).toEqual([service]);
      expect(series[0]?.points[0]?.[1]).toBeCloseTo(10, 1);
      const errors = await prometheus.instantQuery(errorRate(source, own, [source.status]), { atMs: nowMs });
      expect(errors.series.reduce((sum, { points }) => sum + (points[0]?.[1] ?? 0), 0)).toBeCloseTo(1, 1);
    },
  );

  it('reads a service that three of them measure from one', () => {
    const rates = new Map(
      now
        .filter(({ labels }) => labels[serviceLabel] === 'cart' && labels[statLabel] === 'rate')
        .map(({ labels, points }) => [labels[sourceLabel] ?? '', { rate: points[0]?.[1] ?? 0 }]),
    );
    expect([...rates.keys()].sort()).toEqual(['istio', 'istio-source', 'otel-http', 'spanmetrics']);
    expect(pickSource(rates)?.[0]).toBe('otel-http');
  });

  it('tells callers from the called', () => {
    expect(
      figureOf(now, { [serviceLabel]: 'voting', [sourceLabel]: 'linkerd-outbound', [statLabel]: 'rate' }),
    ).toBeCloseTo(50, 0);
    expect(
      figureOf(now, { [serviceLabel]: 'reviews', [sourceLabel]: 'istio-source', [statLabel]: 'rate' }),
    ).toBeCloseTo(10, 1);
  });
});
