import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startPrometheus, type TestPrometheus } from '#deploy/local/testing/prometheus.ts';
import { createPrometheus, setPrometheusSources } from '#lib/adapters/prometheus/index.ts';
import { writeHistory } from '#lib/adapters/prometheus/testing/history.ts';
import type { Actor } from '#lib/core/actor.ts';
import { forget } from '#lib/core/registry.ts';
import { createApi } from '#lib/http/index.ts';
import type { ServiceMap } from './map-schemas.ts';
import { routes } from './routes.ts';
import { seeMap } from './see-map.ts';
import { shop } from './testing/fleet.ts';
import { serviceGraph, type TracedCall } from './testing/service-graph.ts';

const minute = 60_000;
const nowMs = Math.floor(Date.now() / minute) * minute;
const scrapeIntervalMs = 15_000;

let server: TestPrometheus;
let stored: Awaited<ReturnType<typeof writeHistory>>;
let upstream: string[] = [];

const production = (call: Omit<TracedCall, 'environment'>): TracedCall => ({ ...call, environment: 'production' });

/** 200 services that call 600 others in an environment of their own. */
const city: TracedCall[] = Array.from({ length: 600 }, (_, i) => ({
  client: `s-${i % 200}`,
  server: `s-${(i % 200) + 1 + Math.floor(i / 200)}`,
  environment: 'city',
  perSecond: 1 + (i % 7),
}));

const calls: TracedCall[] = [
  production({ client: 'gateway', server: 'order', perSecond: 10, failedPerSecond: 1 }),
  production({ client: 'order', server: 'payment', perSecond: 4 }),
  production({ client: 'order', server: 'ledger', connection: 'virtual_node', perSecond: 2, failedPerSecond: 2 }),
  production({ client: 'payment', server: 'card-network', connection: 'virtual_node', perSecond: 3 }),
  production({ client: 'order', server: 'postgresql', connection: 'database', perSecond: 30 }),
  production({ client: 'order', server: 'mailer', perSecond: 1, untilMs: nowMs - 30 * minute }),
  ...city,
];

beforeAll(async () => {
  process.env.DATABASE_URL ??= 'postgresql://nobody@127.0.0.1/none';
  process.env.QD_SECRET ??= 'x'.repeat(32);
  delete process.env.QD_CATALOG_DIR;
  forget('config');
  forget('catalog');
  stored = await writeHistory(
    [...shop(nowMs), ...serviceGraph(calls)],
    [{ fromMs: nowMs - 70 * minute, toMs: nowMs + 10 * minute, stepMs: scrapeIntervalMs * 4 }],
  );
  server = await startPrometheus({ dataDir: stored.dataDir, config: 'global: {scrape_interval: 60s}' });
});
beforeEach(() => connect(server.url));
afterAll(async () => {
  setPrometheusSources(null);
  await server?.stop();
  stored?.remove();
});

function connect(url: string, environmentLabel = 'deployment_environment_name') {
  for (const name of ['telemetry.refreshed', 'telemetry.sparklines', 'telemetry.discovery', 'shared-answers'])
    forget(name);
  upstream = [];
  const source = {
    id: 'prometheus',
    name: 'Prometheus',
    url,
    timeoutMs: 20_000,
    scrapeIntervalMs: 4 * scrapeIntervalMs,
  };
  setPrometheusSources([
    createPrometheus(
      { ...source, environmentLabel, defaultEnvironment: 'production' },
      { isolated: true, hooks: { onUpstream: ({ call }) => upstream.push(call) } },
    ),
  ]);
}

const range = (fromMs = nowMs - 60 * minute, toMs = Date.now()) => ({ fromMs, toMs, widthPx: 600 });
const see = (environment: string, wanted = range()) => seeMap(environment, wanted);
const node = ({ nodes }: ServiceMap, id: string) => nodes.find((one) => one.id === id);
const edge = ({ edges }: ServiceMap, from: string, to: string) =>
  edges.find((one) => one.from === from && one.to === to);

it('says who calls whom, how often, how well and how fast', async () => {
  const map = await see('production');
  expect(edge(map, 'gateway', 'order')).toMatchObject({ side: 'server', errorRatio: 0.1 });
  expect(edge(map, 'gateway', 'order')?.rate).toBeCloseTo(10, 1);
  expect(edge(map, 'gateway', 'order')?.p95Ms).toBeCloseTo(75, 0);
  expect(node(map, 'database:postgresql')).toMatchObject({ kind: 'database', state: null, errorRatio: 0 });
  expect(node(map, 'external:card-network')?.kind).toBe('external');
  // A stranger sends no spans: only its caller knows how long it takes.
  expect(edge(map, 'payment', 'external:card-network')).toMatchObject({ side: 'client' });
  expect(edge(map, 'payment', 'external:card-network')?.p50Ms).toBeCloseTo(550, 0);
  expect(map).toMatchObject({ environment: 'production', windowMs: 5 * minute, stale: null, notes: [], warnings: [] });
  expect(map.nodes.some(({ name }) => name.startsWith('s-'))).toBe(false);
});

it('has a dead service as the service that it is, and one that nobody calls any more without figures', async () => {
  const map = await see('production');
  expect(node(map, 'ledger')).toMatchObject({ kind: 'service', state: 'failing', errorRatio: 1 });
  expect(edge(map, 'order', 'ledger')).toMatchObject({ errorRatio: 1, side: 'client' });
  expect(edge(map, 'order', 'mailer')).toMatchObject({ rate: 0, errorRatio: null, p95Ms: null });
});

it('keeps to the range: what was called only before it is not there, and how services are now is not told of the past', async () => {
  const late = await see('production', range(nowMs - 10 * minute));
  expect(node(late, 'mailer')).toBeUndefined();
  const past = await see('production', range(nowMs - 60 * minute, nowMs - 40 * minute));
  expect(edge(past, 'order', 'mailer')?.rate).toBeCloseTo(1, 1);
  expect(past.nodes.every(({ state }) => state === null)).toBe(true);
  expect(past.notes.join()).toContain('end of the chosen time');
});

it('asks as few questions for 200 services as for five', async () => {
  const asked = async (environment: string) => {
    connect(server.url);
    const map = await see(environment);
    return { map, queries: upstream.filter((call) => call === 'query').length };
  };
  const few = await asked('production');
  const many = await asked('city');
  expect(many.map.edges).toHaveLength(600);
  expect(many.map.nodes.length).toBeGreaterThanOrEqual(200);
  expect(many.map.edges.every(({ p95Ms }) => p95Ms !== null)).toBe(true);
  // Three for the graph, the rest for the list of services, which other screens share.
  expect(many.queries).toBeLessThanOrEqual(few.queries);
  expect(few.queries).toBeLessThanOrEqual(3 + 3);
});

it('says where calls are where an environment has none, and which label is missing', async () => {
  const staging = await see('staging');
  expect(staging.edges).toEqual([]);
  expect(staging.nodes.map(({ id }) => id)).toEqual(['order', 'payment']);
  expect(staging.notes.join()).toMatch(/No call was traced in staging.*city, production/);
  connect(server.url, 'k8s_namespace_name');
  const unnamed = await see('production');
  expect(unnamed.edges.length).toBeGreaterThan(600);
  expect(unnamed.notes.join()).toMatch(/do not say their environment \(k8s_namespace_name\)/);
  expect((await see('staging')).notes.join()).toMatch(/does not say the environment/);
});

it('refuses ranges and tokens that do not fit', async () => {
  const scope = { access: 'read' as const, services: 'all' as const, environments: ['staging'] };
  const tokens: Record<string, Actor> = {
    staging: { kind: 'token', id: 't', name: 'Staging', ownerId: 'p', role: 'viewer', scope },
    order: {
      kind: 'token',
      id: 'o',
      name: 'Order',
      ownerId: 'p',
      role: 'viewer',
      scope: { ...scope, services: ['order'], environments: 'all' },
    },
  };
  const api = createApi(routes, {
    authenticate: async (request) => {
      const actor = tokens[request.headers.get('authorization') ?? ''];
      return actor ? { actor, cookie: false } : null;
    },
    authorize: async () => {},
    refused: async () => {},
    publicUrl: 'http://localhost',
    trustedProxies: [],
  });
  const status = async (token: string, query: string) =>
    (await api.request(`/api/v1/map?${query}`, { headers: { authorization: token } })).status;
  expect(await status('staging', 'env=staging')).toBe(200);
  expect(await status('staging', 'env=production')).toBe(403);
  expect(await status('order', 'env=production')).toBe(403);
  expect(await status('nobody', 'env=staging')).toBe(401);
  expect(await status('staging', 'env=staging&from=now&to=now-1h')).toBe(400);
  expect(await status('staging', 'env=staging&from=yesterday')).toBe(400);
});

it('shows the last map, said to be old, while the source does not answer', async () => {
  const lastHour = (toMs: number) => range(toMs - 60 * minute, toMs);
  const before = await see('production', lastHour(Date.now()));
  await server.stop();
  // One scrape later, so that nothing is answered from the cache.
  const during = await see('production', lastHour(Date.now() + 4 * scrapeIntervalMs));
  expect(during.edges).toEqual(before.edges);
  expect(during.stale?.reason).toContain('refused');
}, 60_000);
