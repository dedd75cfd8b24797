import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPrometheus, type TestPrometheus } from '#deploy/local/testing/prometheus.ts';
import { createPrometheus, setPrometheusSources } from '#lib/adapters/prometheus/index.ts';
import { writeHistory } from '#lib/adapters/prometheus/testing/history.ts';
import { jobActor } from '#lib/core/actor.ts';
import { contextFor } from '#lib/core/context.ts';
import { forget } from '#lib/core/registry.ts';
import { db } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { recordChange } from '#lib/facts/index.ts';
import run from './jobs/recognise-deploys.ts';

const minute = 60_000;
const nowMs = Math.floor(Date.now() / minute) * minute;
let server: TestPrometheus;
let stored: Awaited<ReturnType<typeof writeHistory>>;
let done: () => Promise<void>;

const up = (service: string, version: string, environment: string, runs: (minutesAgo: number) => boolean) => ({
  name: 'up',
  labels: {
    job: service,
    service_name: service,
    service_version: version,
    service_instance_id: `${service}-${version}`,
    deployment_environment_name: environment,
  },
  value: (atMs: number) => (runs((nowMs - atMs) / minute) ? 1 : null),
});

beforeAll(async () => {
  done = await useTestDatabase();
  stored = await writeHistory(
    [
      up('order', '1.4.0', 'production', (ago) => ago > 12),
      up('order', '1.5.0', 'production', (ago) => ago <= 10),
      up('order', '1.5.0', 'staging', () => true),
      up('payment', '4.1.0', 'production', (ago) => ago > 5),
      up('payment', '4.2.0', 'production', (ago) => ago <= 7),
    ],
    [{ fromMs: nowMs - 60 * minute, toMs: nowMs + 20 * minute, stepMs: 15_000 }],
  );
  server = await startPrometheus({ dataDir: stored.dataDir, config: 'global: {scrape_interval: 15s}' });
  forget('telemetry.discovery');
  setPrometheusSources([
    createPrometheus(
      {
        id: 'prometheus',
        name: 'Prometheus',
        url: server.url,
        timeoutMs: 10_000,
        scrapeIntervalMs: 15_000,
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
  stored?.remove();
  await done?.();
});

it('records deploys that nobody reported, once, where they happened', async () => {
  // CI has reported the one of payment already.
  await recordChange({
    ctx: contextFor(jobActor('ci')),
    input: {
      id: 'build-1',
      kind: 'deploy',
      services: ['payment'],
      version: '4.2.0',
      at: new Date(nowMs - 8 * minute).toISOString(),
    },
  });
  const context = { signal: new AbortController().signal, log: pino({ level: 'silent' }), now: new Date() };
  await run(context);
  await run(context);
  const facts = await db().fact.findMany({ where: { source: 'metrics' } });
  expect(facts).toHaveLength(1);
  expect(facts[0]).toMatchObject({
    environment: 'production',
    kind: 'deploy',
    services: ['order'],
    title: 'Deploy of order 1.5.0',
    payload: { version: '1.5.0', previousVersion: '1.4.0' },
  });
  expect(Math.abs((facts[0]?.startAt.getTime() ?? 0) - (nowMs - 10 * minute))).toBeLessThanOrEqual(30_000);
});
