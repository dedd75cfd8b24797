import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPrometheus, type TestPrometheus } from '#deploy/local/testing/prometheus.ts';
import { createPrometheus, type Grid, type Prometheus, recognise } from '#lib/adapters/prometheus/index.ts';
import { writeHistory } from '#lib/adapters/prometheus/testing/history.ts';
import type { Engine } from './engine.ts';
import { sparklineOf, sparklinesOf } from './sparklines.ts';
import { shop } from './testing/fleet.ts';

const minute = 60_000;
const nowMs = Math.floor(Date.now() / minute) * minute;
let server: TestPrometheus;
let stored: Awaited<ReturnType<typeof writeHistory>>;
const asked: Grid[] = [];

beforeAll(async () => {
  stored = await writeHistory(shop(nowMs), [
    { fromMs: nowMs - 30 * minute, toMs: nowMs + 90 * minute, stepMs: 15_000 },
  ]);
  server = await startPrometheus({ dataDir: stored.dataDir, config: 'global: {scrape_interval: 15s}' });
});
afterAll(async () => {
  await server?.stop();
  stored?.remove();
});

it('asks for an hour once, then only for the minutes that are new, and gives what the whole hour would', async () => {
  const engine = (environment: string): Engine => {
    const prometheus = createPrometheus(
      {
        id: 'p',
        name: 'P',
        url: server.url,
        timeoutMs: 20_000,
        scrapeIntervalMs: 15_000,
        environmentLabel: 'deployment_environment_name',
        defaultEnvironment: 'production',
      },
      { isolated: true },
    );
    const counting: Prometheus = Object.create(prometheus, {
      source: { value: prometheus.source },
      rangeQuery: {
        value: (query: string, grid: Grid) => {
          asked.push(grid);
          return prometheus.rangeQuery(query, grid);
        },
      },
    });
    const names = ['http_server_request_duration_seconds_count', 'http_server_request_duration_seconds_bucket'];
    const matchers = [['deployment_environment_name', '=', 'production'] as const];
    return { prometheus: counting, environment, matchers, sources: recognise(new Set(names)), workloads: new Set() };
  };
  const watched = engine('watched');
  await sparklinesOf(watched, nowMs);
  await sparklinesOf(watched, nowMs + minute - 1);
  for (const later of [1, 2, 5, 6]) await sparklinesOf(watched, nowMs + later * minute);
  expect(asked.map(({ fromMs, toMs }) => (toMs - fromMs) / minute + 1)).toEqual([61, 2, 2, 4, 2]);
  const grown = sparklineOf(await sparklinesOf(watched, nowMs + 6 * minute), 'order', 'otel-http');
  const whole = sparklineOf(await sparklinesOf(engine('whole'), nowMs + 6 * minute), 'order', 'otel-http');
  expect(grown).toEqual(whole);
  expect(grown?.rate).toHaveLength(61);
  expect(grown?.rate[0]).toBeNull();
  const afterAnHour = nowMs + 80 * minute;
  asked.length = 0;
  await sparklinesOf(watched, afterAnHour);
  expect(asked.map(({ fromMs, toMs }) => (toMs - fromMs) / minute + 1)).toEqual([61]);
});
