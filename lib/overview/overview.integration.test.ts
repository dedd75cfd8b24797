import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startPrometheus, type TestPrometheus } from '#deploy/local/testing/prometheus.ts';
import { createPrometheus, setPrometheusSources } from '#lib/adapters/prometheus/index.ts';
import { writeHistory } from '#lib/adapters/prometheus/testing/history.ts';
import type { Actor } from '#lib/core/actor.ts';
import { jobActor } from '#lib/core/actor.ts';
import { contextFor } from '#lib/core/context.ts';
import { forget } from '#lib/core/registry.ts';
import { db } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { recordChange } from '#lib/facts/index.ts';
import { createApi } from '#lib/http/index.ts';
import { insertFilledSlo } from '#lib/slo/testing/filled-ledger.ts';
import { shop } from '#lib/telemetry/testing/fleet.ts';
import { routes } from './routes.ts';
import type { Overview } from './see-overview.ts';

const minute = 60_000;
const nowMs = Math.floor(Date.now() / minute) * minute;
let server: TestPrometheus;
let stored: Awaited<ReturnType<typeof writeHistory>>;
let done: () => Promise<void>;
let upstream = 0;

const viewer: Actor = {
  kind: 'person',
  id: '0190c0de-0000-7000-8000-000000000001',
  name: 'Viewer',
  role: 'viewer',
  scope: { access: 'write', services: 'all', environments: 'all' },
};
const api = createApi(routes, {
  authenticate: async () => ({ actor: viewer, cookie: false }),
  authorize: async () => {},
  refused: async () => {},
  publicUrl: 'http://localhost',
  trustedProxies: [],
});

function connect(url: string) {
  for (const name of ['telemetry.refreshed', 'telemetry.sparklines', 'telemetry.discovery']) forget(name);
  upstream = 0;
  const source = {
    id: 'prometheus',
    name: 'Prometheus',
    url,
    timeoutMs: 10_000,
    scrapeIntervalMs: 15_000,
    environmentLabel: 'deployment_environment_name',
    defaultEnvironment: 'production',
  };
  const onUpstream = () => {
    upstream += 1;
  };
  setPrometheusSources([createPrometheus(source, { isolated: true, hooks: { onUpstream } })]);
}

beforeAll(async () => {
  done = await useTestDatabase();
  stored = await writeHistory(shop(nowMs), [
    { fromMs: nowMs - 70 * minute, toMs: nowMs + 20 * minute, stepMs: 15_000 },
  ]);
  server = await startPrometheus({ dataDir: stored.dataDir, config: 'global: {scrape_interval: 15s}' });
});
beforeEach(() => connect(server.url));
afterAll(async () => {
  setPrometheusSources(null);
  await server?.stop();
  stored?.remove();
  await done?.();
});

const ask = (headers: Record<string, string> = {}) => api.request('/api/v1/overview?env=production', { headers });

it('shows services, what changed and the sources in one answer, in six upstream queries at most', async () => {
  const change = { id: 'build-9', kind: 'deploy', services: ['order'], version: '1.4.0', by: 'dana@example.com' };
  await recordChange({ ctx: contextFor(jobActor('ci')), input: change });
  const fiveMinutes = 5 * minute;
  const untilMs = Math.floor(nowMs / fiveMinutes) * fiveMinutes - fiveMinutes;
  const fill = () => ({ good: 999, total: 1_000 });
  await insertFilledSlo({ fromMs: untilMs - 12 * fiveMinutes, untilMs, fill });
  const response = await ask();
  const overview = (await response.json()) as Overview;
  expect(response.status).toBe(200);
  expect(upstream).toBeLessThanOrEqual(6);
  expect(overview.services?.items.map(({ name }) => name).slice(0, 2)).toEqual(['ledger', 'order']);
  expect(overview.counts.failing).toBe(2);
  expect(overview.changes).toMatchObject([
    { kind: 'deploy', services: ['order'], payload: { by: 'dana@example.com' } },
  ]);
  expect(overview.sources.find(({ id }) => id === 'prometheus')).toMatchObject({ state: 'ok' });
  expect(overview.servicesError).toBeNull();
  expect(overview.budgets).toMatchObject({ total: 1, error: null, liveError: null });
  expect(overview.budgets.items.map(({ name }) => name)).toEqual(['payment-availability']);
});

it('costs the same whoever looks, and nothing when nothing changed', async () => {
  const answers = await Promise.all(Array.from({ length: 30 }, () => ask()));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(upstream).toBeLessThanOrEqual(6);
});

it('still shows what changed when the metrics have never answered', async () => {
  connect('http://127.0.0.1:1');
  const overview = (await (await ask()).json()) as Overview;
  expect(overview.services).toBeNull();
  expect(overview.servicesError).toMatchObject({ code: 'source.unavailable' });
  expect(overview.changes).toHaveLength(1);
  expect(overview.budgets.items).toHaveLength(1);
  expect(overview.budgets.liveError).toMatch(/127\.0\.0\.1|does not answer|reach/);
});

it('holds the alerts that a person has to know of, the worst first, and not what is quiet or over', async () => {
  const held = [
    ['00000000000000a1', 'ticket', 'firing', '{}', null],
    ['00000000000000a2', 'page', 'firing', '{}', null],
    ['00000000000000a3', 'page', 'firing', '{}', new Date(nowMs)],
    ['00000000000000a4', 'page', 'firing', '{some-silence}', null],
    ['00000000000000a5', 'page', 'resolved', '{}', null],
  ] as const;
  for (const [fingerprint, severity, status, silencedBy, acknowledgedAt] of held) {
    await db().$executeRaw`
      insert into alert (id, fingerprint, starts_at, name, environment, severity, labels, annotations, receivers, status,
                         silenced_by, inhibited_by, acknowledged_at, acknowledged_by_name, resolved_at)
      values (gen_random_uuid(), ${fingerprint}, ${new Date(nowMs)}, 'Disk', 'production', ${severity}, '{}', '{}', '{}',
              ${status}, ${silencedBy}::text[], '{}', ${acknowledgedAt}, ${acknowledgedAt && 'Dana'},
              ${status === 'resolved' ? new Date(nowMs) : null})`;
  }
  const { alerts } = (await (await ask()).json()) as Overview;
  expect(alerts.items.map(({ fingerprint }) => fingerprint.slice(-2))).toEqual(['a2', 'a1', 'a3']);
  expect(alerts.items[2]).toMatchObject({ state: 'acknowledged', acknowledged: { by: { name: 'Dana' } } });
  expect(alerts).toMatchObject({ more: 0, watchdog: { state: 'unknown' } });
});
