import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { choosePort, releasePort } from '../ports.ts';
import { type Child, startChild } from '../process/child.ts';
import { identify, isAlive } from '../process/identity.ts';
import { sleep } from '../process/signal.ts';
import { untilHttp } from '../process/until-http.ts';
import type { SupervisorInput } from './config.ts';
import type { WorkloadReport } from './fleet.ts';

const tokens = {
  control: 'control-token-0123456789',
  registry: 'registry-token-0123456789',
  metrics: 'metrics-token-0123456789',
};
const dummy = fileURLToPath(new URL('./fixtures/dummy.ts', import.meta.url));
const main = fileURLToPath(new URL('./main.ts', import.meta.url));

let folder: string;
let port: number;
let ingressPort: number;
let supervisor: Child;

function configuration(): SupervisorInput {
  const common = { version: '1.0.0', command: process.execPath, startTimeoutMs: 4_000, drainMs: 3_000 };
  return {
    version: '0.0.0-test',
    environment: 'testing',
    port,
    stateFile: join(folder, 'state.json'),
    logFolder: join(folder, 'logs'),
    workloads: [
      { ...common, service: 'shop', args: [dummy], replicas: { default: 2, min: 1, max: 4 }, ingressPort },
      { ...common, service: 'broken', args: [dummy], env: { CRASH: '1' }, replicas: { default: 0, max: 2 } },
    ],
  };
}

async function startSupervisor(): Promise<void> {
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(configuration()));
  supervisor = await startChild({
    name: 'supervisor',
    command: process.execPath,
    args: [main, file],
    env: {
      PATH: process.env.PATH,
      SUPERVISOR_TOKEN: tokens.control,
      REGISTRY_TOKEN: tokens.registry,
      METRICS_TOKEN: tokens.metrics,
      QD_CACHE: join(folder, 'cache'),
    },
    graceMs: 15_000,
  });
  await untilHttp(`http://127.0.0.1:${port}/healthz`, { timeoutMs: 10_000, alive: () => supervisor.running() });
}

type CallOptions = { method?: string; body?: unknown; raw?: string; token?: string | null };

async function call(path: string, { method = 'GET', body, raw, token = tokens.control }: CallOptions = {}) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: token ? { authorization: `Bearer ${token}` } : {},
    body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes are looked into by the tests
  return { status: response.status, text, json: (isJson ? JSON.parse(text) : undefined) as any };
}

const shop = async () => (await call('/v1/workloads/shop')).json as WorkloadReport;

async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean, timeoutMs = 12_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > deadline) throw new Error(`not so after ${timeoutMs} ms: ${JSON.stringify(value)}`);
    await sleep(50);
  }
}

const untilReady = (count: number) =>
  until(shop, (workload) => workload.ready === count && workload.replicas.length === count);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-supervisor-'));
  port = await choosePort();
  ingressPort = await choosePort();
  await startSupervisor();
});

afterEach(async () => {
  await supervisor.stop();
  releasePort(port);
  releasePort(ingressPort);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe('replicas', () => {
  test('are brought up as configured and found by Prometheus with their labels', async () => {
    const { replicas } = await untilReady(2);
    expect(replicas.map((replica) => replica.id)).toEqual(['shop-1', 'shop-2']);
    const discovery = await call('/sd/prometheus', { token: tokens.metrics });
    expect(discovery.json).toContainEqual({
      targets: [`127.0.0.1:${replicas[0]?.port}`],
      labels: {
        job: 'shop',
        service_name: 'shop',
        service_version: '1.0.0',
        service_instance_id: 'shop-1',
        deployment_environment_name: 'testing',
      },
    });
    const { text } = await call('/metrics', { token: tokens.metrics });
    expect(text).toContain(
      'quarterdeck_workload_ready_replicas{service_name="shop",deployment_environment_name="testing"} 2',
    );
    expect(text).toMatch(/quarterdeck_replica_memory_bytes\{[^}]*shop-1[^}]*\} [1-9]/);
  });

  test('are scaled up and down, the newest leaving first, and the wish survives a restart of the supervisor', async () => {
    await untilReady(2);
    expect((await call('/v1/workloads/shop/scale', { method: 'POST', body: { replicas: 3 } })).status).toBe(202);
    await untilReady(3);
    await call('/v1/workloads/shop/scale', { method: 'POST', body: { replicas: 1 } });
    const { replicas } = await untilReady(1);
    expect(replicas[0]?.id).toBe('shop-1');
    await supervisor.stop();
    await startSupervisor();
    expect((await untilReady(1)).desired).toBe(1);
  });

  test('that are killed come back on the same port and count the restart', async () => {
    const before = (await untilReady(2)).replicas[0];
    expect((await call('/v1/replicas/shop-1/kill', { method: 'POST' })).status).toBe(202);
    await until(shop, (workload) => workload.replicas[0]?.restarts === 1);
    const after = (await untilReady(2)).replicas[0];
    expect(after?.port).toBe(before?.port);
    expect(after?.pid).not.toBe(before?.pid);
    const { text } = await call('/metrics');
    expect(text).toMatch(/quarterdeck_replica_restarts_total\{[^}]*shop-1"\} 1/);
  });

  test('that crash again and again are shown as a crash loop with the reason', async () => {
    await call('/v1/workloads/broken/scale', { method: 'POST', body: { replicas: 1 } });
    const read = async () => (await call('/v1/workloads/broken')).json as WorkloadReport;
    const waiting = await until(read, ({ replicas }) => replicas[0]?.state === 'backoff');
    expect(waiting.replicas[0]?.detail).toContain('exit code 3; last line: crashing as told');
    await until(read, ({ replicas }) => replicas[0]?.state === 'crashed', 20_000);
  });

  test('leave nothing behind when the supervisor is killed', async () => {
    const processes = (await untilReady(2)).replicas.map((replica) => identify(replica.pid ?? 0));
    expect(processes.every(isAlive)).toBe(true);
    process.kill(supervisor.pid, 'SIGKILL');
    await until(
      async () => processes.some(isAlive),
      (alive) => !alive,
      8_000,
    );
  });

  test('are restarted one at a time while the service keeps answering', async () => {
    const before = await untilReady(2);
    let refused = 0;
    let answered = 0;
    let done = false;
    const visitor = (async () => {
      while (!done) {
        await fetch(`http://127.0.0.1:${ingressPort}/`, { headers: { connection: 'close' } }).then(
          () => (answered += 1),
          () => (refused += 1),
        );
        await sleep(5);
      }
    })();
    expect((await call('/v1/workloads/shop/restart', { method: 'POST' })).status).toBe(202);
    expect((await call('/v1/workloads/shop/restart', { method: 'POST' })).status).toBe(409);
    let leastReady = 2;
    const after = await until(shop, (workload) => {
      leastReady = Math.min(leastReady, workload.ready);
      return workload.rollout?.state !== 'running';
    });
    await untilReady(2);
    done = true;
    await visitor;
    expect(after.rollout).toMatchObject({ state: 'done', replaced: 2, total: 2, error: null });
    const pids = new Set(before.replicas.map((replica) => replica.pid));
    expect((await shop()).replicas.some((replica) => pids.has(replica.pid))).toBe(false);
    expect(leastReady).toBe(2);
    expect(answered).toBeGreaterThan(10);
    expect(refused).toBe(0);
  });

  test('show the end of their log', async () => {
    const { replicas } = await untilReady(2);
    const { json } = await call('/v1/replicas/shop-1/logs?tail=5');
    expect(json.lines).toContain(`listening on ${replicas[0]?.port}`);
  });
});

describe('requests', () => {
  test('without the right token are refused, and each token opens only its own doors', async () => {
    expect((await call('/v1/workloads', { token: null })).status).toBe(401);
    expect((await call('/v1/workloads', { token: 'wrong' })).status).toBe(401);
    expect((await call('/v1/workloads/shop/restart', { method: 'POST', token: tokens.registry })).status).toBe(401);
    expect((await call('/v1/registry', { token: tokens.metrics })).status).toBe(401);
    expect((await call('/v1/registry', { token: tokens.registry })).status).toBe(200);
    expect((await call('/nowhere', { token: null })).status).toBe(401);
  });

  test.each([
    ['a word', { replicas: 'three' }],
    ['a fraction', { replicas: 1.5 }],
    ['too many', { replicas: 99 }],
    ['fewer than the least', { replicas: 0 }],
    ['nothing', {}],
  ])('that scale to %s are refused by field', async (_, body) => {
    const { status, json } = await call('/v1/workloads/shop/scale', { method: 'POST', body });
    expect(status).toBe(400);
    expect(json).toMatchObject({ status: 400, code: 'request.invalid', errors: [{ path: 'replicas' }] });
    expect(json.detail).toContain('must be a whole number from 1 to 4');
  });

  test('that are malformed, too large, unknown or of the wrong method get their own status', async () => {
    const scale = '/v1/workloads/shop/scale';
    expect((await call(scale, { method: 'POST', raw: '{' })).json.code).toBe('request.malformed');
    expect((await call(scale, { method: 'POST', raw: `"${'x'.repeat(1_000_000)}"` })).status).toBe(413);
    expect((await call('/v1/workloads/none')).json.code).toBe('workload.unknown');
    expect((await call('/v1/replicas/none-1/kill', { method: 'POST' })).json.code).toBe('replica.unknown');
    expect((await call('/v1/replicas/shop-1/logs?tail=0')).json.errors[0].path).toBe('tail');
    expect((await call('/v1/workloads', { method: 'POST', body: {} })).status).toBe(405);
    expect((await call('/nowhere')).status).toBe(404);
    expect((await call('/v1/workloads/%zz')).status).toBe(404);
  });

  test('of the registry are kept by heartbeat and taken back by leaving', async () => {
    const path = '/v1/registry/order/order-1';
    const body = { host: '127.0.0.1', port: 4321, version: '2.0.0', ready: true };
    expect(
      (await call(path, { method: 'PUT', token: tokens.registry, body: { ...body, port: 'x' } })).json.errors[0].path,
    ).toBe('port');
    expect((await call(path, { method: 'PUT', token: tokens.registry, body })).status).toBe(204);
    expect((await call('/v1/registry')).json.services.order).toEqual([{ instanceId: 'order-1', ...body }]);
    expect((await call(path, { method: 'DELETE', token: tokens.registry })).status).toBe(204);
    expect((await call('/v1/registry')).json.services.order).toBeUndefined();
  });
});
