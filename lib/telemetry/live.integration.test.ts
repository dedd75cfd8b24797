import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPrometheus, type TestPrometheus } from '#deploy/local/testing/prometheus.ts';
import { createPrometheus, setPrometheusSources } from '#lib/adapters/prometheus/index.ts';
import { startExporter } from '#lib/adapters/prometheus/testing/exporter.ts';
import { forget } from '#lib/core/registry.ts';
import { seeBusiness } from './see-business.ts';
import { seeExemplars } from './see-exemplars.ts';

let server: TestPrometheus;
let exporter: Awaited<ReturnType<typeof startExporter>>;
let n = 0;

const request = 'http_server_request_duration_seconds';
const requestLabels = 'http_request_method="POST",http_route="/charges",http_response_status_code="202"';

/** What a payment service shows: its requests with exemplars, its runtime, and its trade. */
function exposition(): string {
  n += 1;
  const traceId = `4bf92f3577b34da6a3ce929d0e0e${(4_000 + n).toString(16).padStart(4, '0')}`;
  return [
    `# HELP ${request} Duration of requests.`,
    `# TYPE ${request} histogram`,
    `${request}_bucket{${requestLabels},le="0.25"} ${n * 9} # {trace_id="${traceId}",span_id="00f067aa0ba902b7"} 0.2 ${Date.now() / 1_000}`,
    `${request}_bucket{${requestLabels},le="+Inf"} ${n * 9}`,
    `${request}_count{${requestLabels}} ${n * 9}`,
    `${request}_sum{${requestLabels}} ${n}`,
    '# HELP payment_charges Charges by outcome.',
    '# TYPE payment_charges counter',
    `payment_charges_total{outcome="settled"} ${n * 8}`,
    `payment_charges_total{outcome="declined"} ${n}`,
    '# HELP payment_settlement_duration_seconds From accepted to settled.',
    '# TYPE payment_settlement_duration_seconds histogram',
    `payment_settlement_duration_seconds_bucket{le="+Inf"} ${n}`,
    `payment_settlement_duration_seconds_count ${n}`,
    `payment_settlement_duration_seconds_sum ${n * 1.5}`,
    '# HELP payment_queue_depth Charges that wait.',
    '# TYPE payment_queue_depth gauge',
    'payment_queue_depth 12',
    '# TYPE process_cpu_seconds counter',
    `process_cpu_seconds_total ${n / 10}`,
    '',
  ].join('\n');
}

beforeAll(async () => {
  process.env.DATABASE_URL ??= 'postgresql://nobody@127.0.0.1/none';
  process.env.QD_SECRET ??= 'x'.repeat(32);
  for (const name of ['config', 'catalog', 'telemetry.refreshed', 'telemetry.sparklines', 'telemetry.discovery'])
    forget(name);
  exporter = await startExporter(exposition);
  server = await startPrometheus({
    config: [
      'global: {scrape_interval: 500ms}',
      'scrape_configs:',
      '  - job_name: payment',
      '    static_configs:',
      `      - targets: ["${exporter.address}"]`,
      '        labels: {service_name: payment, deployment_environment_name: production, service_instance_id: payment-1}',
    ].join('\n'),
  });
  setPrometheusSources([
    createPrometheus(
      {
        id: 'prometheus',
        name: 'Prometheus',
        url: server.url,
        timeoutMs: 10_000,
        scrapeIntervalMs: 1_000,
        environmentLabel: 'deployment_environment_name',
        defaultEnvironment: 'production',
      },
      { isolated: true },
    ),
  ]);
});
afterAll(async () => {
  setPrometheusSources(null);
  await server?.stop();
  await exporter?.close();
});

async function until<T>(ask: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
  for (let i = 0; i < 60; i++) {
    const value = await ask().catch(() => null);
    if (value !== null && done(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('it did not come to pass in 30 s');
}

const range = () => ({ fromMs: Date.now() - 60_000, toMs: Date.now(), widthPx: 300 });

it('finds what a service counts beside requests, with its help, and leaves the technical aside', async () => {
  const { items } = await until(
    () => seeBusiness('production', 'payment', range()),
    (found) => found.items.length === 3 && found.items.every(({ help }) => help !== null),
  );
  expect(items.map(({ metric, type, unit, by }) => [metric, type, unit, by])).toEqual([
    ['payment_charges_total', 'counter', 'perSecond', 'outcome'],
    ['payment_settlement_duration_seconds', 'histogram', 'seconds', null],
    ['payment_queue_depth', 'gauge', 'count', null],
  ]);
  expect(items[0]?.help).toBe('Charges by outcome.');
  expect(items[0]?.series.map(({ name }) => name).sort()).toEqual(['declined', 'settled']);
  expect(items[1]?.series[0]?.values.findLast((value) => value !== null)).toBeCloseTo(1.5, 3);
  expect(items[2]?.series[0]?.values.at(-1)).toBe(12);
});

it('gives traces that stand for points of the duration chart', async () => {
  const { items, found } = await until(
    () => seeExemplars('production', 'payment', range()),
    (answer) => answer.items.length > 1,
  );
  expect(found).toBeGreaterThanOrEqual(items.length);
  expect(items[0]).toMatchObject({
    traceId: expect.stringMatching(/^4bf92f3577b34da6a3ce929d0e0e[0-9a-f]{4}$/),
    spanId: '00f067aa0ba902b7',
    durationMs: 200,
    route: '/charges',
    status: '202',
    instance: 'payment-1',
  });
});
