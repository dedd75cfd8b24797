import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startPrometheus, type TestPrometheus } from '#deploy/local/testing/prometheus.ts';
import { createPrometheus, setPrometheusSources } from '#lib/adapters/prometheus/index.ts';
import { writeHistory } from '#lib/adapters/prometheus/testing/history.ts';
import type { Actor } from '#lib/core/actor.ts';
import { forget } from '#lib/core/registry.ts';
import { createApi } from '#lib/http/index.ts';
import { listServices } from './list-services.ts';
import { routes } from './routes.ts';
import type * as schemas from './schemas.ts';
import { shop } from './testing/fleet.ts';

const minute = 60_000;
const hour = 60 * minute;
const weekMs = 7 * 24 * hour;
const nowMs = Math.floor(Date.now() / minute) * minute;
const scrapeIntervalMs = 15_000;

let server: TestPrometheus;
let stored: Awaited<ReturnType<typeof writeHistory>>;
let folder: string;
let upstream: string[] = [];

const viewer: Actor = {
  kind: 'person',
  id: 'p',
  name: 'Viewer',
  role: 'viewer',
  scope: { access: 'write', services: 'all', environments: 'all' },
};
const stagingToken: Actor = {
  kind: 'token',
  id: 't',
  name: 'Staging only',
  ownerId: 'p',
  role: 'viewer',
  scope: { access: 'read', services: 'all', environments: ['staging'] },
};
const orderToken: Actor = { ...stagingToken, scope: { access: 'read', services: ['order'], environments: 'all' } };
const tokens: Record<string, Actor> = { 'Bearer staging': stagingToken, 'Bearer order': orderToken };
const api = createApi(routes, {
  authenticate: async (request) => ({
    actor: tokens[request.headers.get('authorization') ?? ''] ?? viewer,
    cookie: false,
  }),
  authorize: async () => {},
  refused: async () => {},
  publicUrl: 'http://localhost',
  trustedProxies: [],
});

async function ask(path: string, headers: Record<string, string> = {}) {
  const response = await api.request(`/api/v1${path}`, { headers });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}
const get = async <T>(path: string): Promise<T> => {
  const { status, body } = await ask(path);
  expect(body).toMatchObject(status === 200 ? {} : { status: 200 });
  return body as T;
};

function connect(url: string) {
  for (const name of [
    'telemetry.refreshed',
    'telemetry.sparklines',
    'telemetry.discovery',
    'shared-answers',
    'prometheus.cache',
  ])
    forget(name);
  upstream = [];
  setPrometheusSources([
    createPrometheus(
      {
        id: 'prometheus',
        name: 'Prometheus',
        url,
        timeoutMs: 20_000,
        scrapeIntervalMs,
        environmentLabel: 'deployment_environment_name',
        defaultEnvironment: 'production',
      },
      { isolated: true, hooks: { onUpstream: ({ call }) => upstream.push(call) } },
    ),
  ]);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'catalog-'));
  writeFileSync(
    join(folder, 'shop.yaml'),
    'name: order\nowner: commerce\ntier: 1\n---\nname: warehouse\nowner: logistics\nenvironments: [production]\n---\nname: x\ntier: 12\n',
  );
  process.env.QD_CATALOG_DIR = folder;
  process.env.DATABASE_URL ??= 'postgresql://nobody@127.0.0.1/none';
  process.env.QD_SECRET ??= 'x'.repeat(32);
  forget('config');
  forget('catalog');
  // History reaches beyond now, so that figures are even however long the tests take.
  stored = await writeHistory(shop(nowMs), [
    { fromMs: nowMs - weekMs - 90 * minute, toMs: nowMs - weekMs + 20 * minute, stepMs: scrapeIntervalMs },
    { fromMs: nowMs - 90 * minute, toMs: nowMs + 20 * minute, stepMs: scrapeIntervalMs },
  ]);
  server = await startPrometheus({ dataDir: stored.dataDir, config: 'global: {scrape_interval: 15s}' });
});
beforeEach(() => connect(server.url));
afterAll(async () => {
  setPrometheusSources(null);
  await server?.stop();
  stored?.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe('the services of an environment', () => {
  it('have figures of now and of last week, the worst first, in six upstream queries at most', async () => {
    const { items, windowMs, stale, source } = await get<schemas.ServiceList>('/services?env=production');
    expect(upstream.length).toBeLessThanOrEqual(6);
    expect({ windowMs, stale, state: source.state }).toEqual({ windowMs: minute, stale: null, state: 'ok' });
    expect(items.map(({ name, state }) => [name, state])).toEqual([
      ['ledger', 'failing'],
      ['order', 'failing'],
      ['warehouse', 'no_data'],
      ['catalog', 'no_traffic'],
      ['payment', 'ok'],
    ]);
    const order = items[1] as schemas.ServiceSummary;
    expect(order).toMatchObject({ environment: 'production', owner: 'commerce', tier: 1, kind: 'service' });
    expect(order.red?.rate).toBeCloseTo(10, 1);
    expect(order.red?.errorRatio).toBeCloseTo(0.1, 3);
    expect(order.red?.p50Ms).toBeCloseTo(32.2, 0);
    expect(order.red?.p95Ms).toBeCloseTo(77.8, 0);
    expect(order.red?.p99Ms).toBeCloseTo(100, 0);
    expect(order.red?.lastWeek?.rate).toBeCloseTo(10, 1);
    expect(order.replicas).toEqual({ ready: 2, desired: 3, restartsLastHour: 0 });
    expect(order.versions).toEqual([{ version: '1.4.0', replicas: 2 }]);
    expect(order.reasons).toEqual(['10 % of requests fail', '2 of 3 replicas are up']);
  });

  it('include one that is dead, as its callers see it, and one that only the catalogue knows', async () => {
    const { items } = await get<schemas.ServiceList>('/services?env=production');
    const ledger = items.find(({ name }) => name === 'ledger');
    expect(ledger).toMatchObject({ red: null, replicas: { ready: 0, desired: 1 } });
    expect(ledger?.callers?.rate).toBeCloseTo(2, 1);
    expect(ledger?.callers?.errorRatio).toBe(1);
    expect(ledger?.reasons[0]).toContain('callers see 100 %');
    expect(items.find(({ name }) => name === 'warehouse')).toMatchObject({ owner: 'logistics', replicas: null });
  });

  it('have no last week where there is no history yet', async () => {
    const { items } = await get<schemas.ServiceList>('/services?env=production');
    expect(items.find(({ name }) => name === 'payment')?.red).toMatchObject({
      rate: expect.closeTo(4, 1),
      lastWeek: null,
    });
  });

  it('have sparklines on one grid', async () => {
    const { items, sparklineGrid } = await get<schemas.ServiceList>('/services?env=production');
    const { sparkline } = items.find(({ name }) => name === 'order') as schemas.ServiceSummary;
    expect(sparklineGrid?.stepMs).toBe(minute);
    expect(sparkline?.rate).toHaveLength(61);
    expect(sparkline?.rate.at(-1)).toBeCloseTo(10, 1);
    expect(sparkline?.errorRatio.at(-1)).toBeCloseTo(0.1, 3);
    expect(sparkline?.p95Ms.at(-1)).toBeCloseTo(77.8, 0);
  });

  it('keep to their environment', async () => {
    const { items: environments } = await get<schemas.EnvironmentList>('/environments');
    expect(environments).toEqual([
      { name: 'production', source: 'prometheus', isDefault: true },
      { name: 'staging', source: 'prometheus', isDefault: false },
    ]);
    const { items } = await get<schemas.ServiceList>('/services?env=staging');
    expect(items.map(({ name }) => name)).toEqual(['payment', 'order']);
    const [order] = items.filter(({ name }) => name === 'order');
    expect(order).toMatchObject({
      environment: 'staging',
      state: 'ok',
      versions: [{ version: '1.5.0-rc', replicas: 1 }],
    });
    expect(order?.red?.rate).toBeCloseTo(1, 1);
    expect(order?.red?.errorRatio).toBe(0);
    const red = await get<schemas.RedRange>('/services/order/red?env=staging&from=now-15m');
    expect(red.rate.at(-1)).toBeCloseTo(1, 1);
    const { items: replicas } = await get<schemas.ReplicaTable>('/services/order/replicas?env=staging');
    expect(replicas.map(({ id }) => id)).toEqual(['order-s1']);
  });

  it('are asked for once, however many look', async () => {
    const bodies = await Promise.all(Array.from({ length: 100 }, () => ask('/services?env=production')));
    expect(new Set(bodies.map(({ headers }) => headers.get('etag'))).size).toBe(1);
    expect(upstream.length).toBeLessThanOrEqual(6);
    const etag = bodies[0]?.headers.get('etag') ?? '';
    expect((await ask('/services?env=production', { 'if-none-match': etag })).status).toBe(304);
  });
});

describe('a service', () => {
  it('has rate, last week, errors by status and durations over a range', async () => {
    const red = await get<schemas.RedRange>('/services/order/red?from=now-30m&width=600');
    expect(red).toMatchObject({ convention: 'otel-http', environment: 'production', service: 'order', stale: null });
    const length = Math.floor((Date.parse(red.grid.to) - Date.parse(red.grid.from)) / red.grid.stepMs) + 1;
    for (const line of [red.rate, red.errorRatio, red.p50Ms, red.p95Ms, red.p99Ms, red.rateLastWeek ?? []]) {
      expect(line).toHaveLength(length);
    }
    expect(red.rate.at(-1)).toBeCloseTo(10, 1);
    expect(red.rateLastWeek?.at(-1)).toBeCloseTo(10, 1);
    expect(red.errorRatio.at(-1)).toBeCloseTo(0.1, 3);
    expect(red.errorsByStatus.map(({ status, counted }) => [status, counted])).toEqual([
      ['500', true],
      ['404', false],
    ]);
    expect(red.p95Ms.at(-1)).toBeCloseTo(77.8, 0);
    expect(red.p95LastWeekMs?.at(-1)).toBeCloseTo(77.8, 0);
  });

  it('computes quantiles as Prometheus itself does', async () => {
    const red = await get<schemas.RedRange>('/services/order/red?from=now-30m');
    const query = encodeURIComponent(
      `1000 * histogram_quantile(0.95, sum by (le) (rate(http_server_request_duration_seconds_bucket{job="order",deployment_environment_name="production"}[${red.windowMs / 1_000}s])))`,
    );
    const at = encodeURIComponent(red.grid.to);
    const { series } = await get<schemas.ExploreInstant>(`/explore/query?query=${query}&at=${at}`);
    expect(red.p95Ms.at(-1)).toBeCloseTo(series[0]?.value as number, 2);
  });

  it('that is dead is seen through its callers', async () => {
    const red = await get<schemas.RedRange>('/services/ledger/red?from=now-15m');
    expect(red.convention).toBeNull();
    expect(red.rate.every((value) => value === null)).toBe(true);
    expect(red.callers?.rate.at(-1)).toBeCloseTo(2, 1);
    expect(red.callers?.errorRatio.at(-1)).toBe(1);
  });

  it('has a heat map whose columns add up to the rate', async () => {
    const map = await get<schemas.Heatmap>('/services/order/heatmap?from=now-30m');
    expect(map.boundsMs).toEqual([10, 50, 100, 500, null]);
    const column = map.columns.at(-1) ?? [];
    expect(column.reduce((sum, value) => sum + value, 0)).toBeCloseTo(10, 1);
    expect(column[1]).toBeCloseTo(9, 1);
    expect(column[4]).toBe(0);
  });

  it('has routes, the busiest first', async () => {
    const { items } = await get<schemas.RouteTable>('/services/order/routes?from=now-15m');
    expect(items.map(({ method, route }) => [method, route])).toEqual([
      ['GET', '/orders/{id}'],
      ['POST', '/orders'],
    ]);
    expect(items[0]?.rate).toBeCloseTo(7, 1);
    expect(items[0]?.share).toBeCloseTo(0.7, 2);
    expect(items[0]?.errorRatio).toBe(0);
    expect(items[1]?.errorRatio).toBeCloseTo(1 / 3, 2);
    expect(items[1]?.p95Ms).toBeCloseTo(77.8, 0);
  });

  it('has replicas, the worst first', async () => {
    const { items, counts } = await get<schemas.ReplicaTable>('/services/order/replicas');
    expect(counts).toMatchObject({ ready: 2, desired: 3 });
    expect(items.map(({ id, state }) => [id, state])).toEqual([
      ['order-3', 'down'],
      ['order-1', 'up'],
      ['order-2', 'up'],
    ]);
    expect(items[1]).toMatchObject({
      version: '1.4.0',
      restartsLastHour: 0,
      memoryBytes: 104_857_600,
      eventLoopLagMs: 12,
      instance: expect.stringMatching(/^127/),
    });
    expect(items[1]?.cpuRatio).toBeCloseTo(0.25, 2);
    expect(items[1]?.rate).toBeCloseTo(5, 1);
    expect(items[1]?.errorRatio).toBeCloseTo(0.1, 2);
    expect(items[1]?.uptimeSeconds).toBeGreaterThan(7_000);
  });

  it('shows how full it is, replica by replica, and its queues', async () => {
    const { items } = await get<schemas.Saturation>('/services/order/saturation?from=now-15m');
    expect(items.map(({ id, unit, series }) => [id, unit, series.map(({ name }) => name)])).toEqual([
      ['cpu', 'ratio', ['order-1', 'order-2']],
      ['memory', 'bytes', ['order-1', 'order-2']],
      ['event-loop', 'seconds', ['order-1', 'order-2']],
      ['active-requests', 'count', ['order-1', 'order-2']],
      ['order_queue_depth', 'count', ['order_queue_depth']],
    ]);
    expect(items[0]?.series[0]?.values.at(-1)).toBeCloseTo(0.25, 2);
  });

  it('that nobody knows is not found', async () => {
    for (const name of ['nobody', 'x"} or up{', "'; DROP TABLE x; --", '<script>']) {
      for (const path of ['', '/red', '/routes', '/replicas', '/heatmap', '/saturation', '/business', '/exemplars']) {
        const { status, body } = await ask(`/services/${encodeURIComponent(name)}${path}`);
        expect({ status, code: body.code }).toEqual({ status: 404, code: 'catalog.service_unknown' });
      }
    }
  });
});

describe('what is refused', () => {
  it.each([
    ['/services?env=a%20b', 'env'],
    ['/services/order/red?from=yesterday', 'from'],
    ['/services/order/red?from=now&to=now-1h', 'from'],
    ['/services/order/red?width=-4', 'width'],
    ['/explore/query', 'query'],
    ['/explore/query?query=sum(', 'query'],
    ['/explore/query?query=rate(up)', 'query'],
    ['/explore/query_range?query=up)%20or%20(up', 'query'],
    ['/explore/query?query=', 'query'],
  ])('%s names the field', async (path, field) => {
    const { status, body } = await ask(path);
    expect(status).toBe(400);
    expect(body.errors[0].path).toBe(field);
    expect(body.detail).not.toMatch(/\n|at .*\.ts/);
  });

  it('what the scope of a token does not reach, shared answers included', async () => {
    await get('/services?env=production');
    const token = { authorization: 'Bearer staging' };
    expect((await ask('/services?env=production', token)).status).toBe(403);
    expect((await ask('/services/order/red?env=production', token)).status).toBe(403);
    expect((await ask('/explore/query?query=up', token)).status).toBe(403);
    expect((await ask('/services?env=staging', token)).status).toBe(200);
    expect((await ask('/environments', token)).body.items.map(({ name }: { name: string }) => name)).toEqual([
      'staging',
    ]);
    const narrow = { authorization: 'Bearer order' };
    expect((await ask('/services?env=production', narrow)).status).toBe(403);
    expect((await ask('/services/payment?env=production', narrow)).status).toBe(403);
    expect((await ask('/services/order?env=production', narrow)).status).toBe(200);
  });
});

describe('exploring', () => {
  it('answers a table and a chart, with gaps and infinities told apart', async () => {
    const table = await get<schemas.ExploreInstant>(
      `/explore/query?query=${encodeURIComponent('sum by (job) (up) / 0')}`,
    );
    expect(table.series.find(({ labels }) => labels.job === 'order')?.value).toBe('+Inf');
    const chart = await get<schemas.ExploreRange>(
      `/explore/query_range?query=${encodeURIComponent('up{job="order"}')}&from=now-2h&width=300`,
    );
    expect(chart.series).toHaveLength(4);
    expect(chart.series[0]?.values[0]).toBeNull();
    expect(chart.grid.stepMs).toBe(minute);
  });

  it('completes names and values', async () => {
    const { items } = await get<schemas.LabelList>('/explore/labels?label=job');
    expect(items).toContain('order');
    const names = await get<schemas.LabelList>('/explore/labels?metric=up');
    expect(names.items).toContain('service_version');
    const metrics = await get<schemas.MetricList>('/explore/metadata');
    expect(metrics.items.map(({ name }) => name)).toContain('order_queue_depth');
  });
});

describe('when Prometheus goes away', () => {
  it('says since when, shows the last figures as old, and recovers', async () => {
    const port = Number(new URL(server.url).port);
    const before = await listServices('production');
    expect(before.stale).toBeNull();
    await get('/services/order/red?from=now-15m');
    await server.stop();
    forget('shared-answers');
    const waitForNextStep = scrapeIntervalMs - (Date.now() % scrapeIntervalMs) + 50;
    await new Promise((resolve) => setTimeout(resolve, waitForNextStep));
    await listServices('production');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const during = await get<schemas.ServiceList>('/services?env=production');
    expect(during.stale?.reason).toContain('refused');
    expect(during.source).toMatchObject({ state: 'failing', failingSince: expect.any(String) });
    expect(during.asOf).toBe(before.asOf);
    expect(during.items.every(({ state }) => state === 'stale')).toBe(true);
    const red = await get<schemas.RedRange>('/services/order/red?from=now-15m');
    expect(red.stale?.since).toEqual(during.stale?.since);
    expect(red.rate.at(-1)).toBeCloseTo(10, 1);
    const { status, body } = await ask('/services/order/red?from=now-7d');
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'source.unavailable' });

    server = await startPrometheus({ dataDir: stored.dataDir, config: 'global: {scrape_interval: 15s}', port });
    forget('shared-answers');
    for (let i = 0; i < 40; i++) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      if (!(await listServices('production')).stale) break;
    }
    expect((await listServices('production')).items[0]?.state).toBe('failing');
  });
});
