import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Order, orderSchema } from '#contracts/order.ts';
import { productSchema } from '#contracts/product.ts';
import { createTestDatabase, type TestDatabase, withoutPostgres } from '#kit/testing/database.ts';
import { freePort, type ServiceProcess, startService, waitFor } from '#kit/testing/process.ts';
import { startTestRegistry, type TestRegistry } from '#kit/testing/registry.ts';

const KEY = 'key-of-tests-0123456789';
const INCIDENT_TOKEN = 'incident-token-0123456789';

/** The whole fleet as processes, started as the supervisor starts them. */
describe.skipIf(withoutPostgres)(`the fleet${withoutPostgres ? ` (${withoutPostgres})` : ''}`, () => {
  let registry: TestRegistry;
  let database: TestDatabase;
  let admin: pg.Client;
  let gateway: ServiceProcess;
  let payment: ServiceProcess;
  const running = new Set<ServiceProcess>();

  const start = async (service: string, env: Record<string, string> = {}) => {
    const process = await startService(service, {
      REGISTRY_URL: registry.url,
      REGISTRY_TOKEN: registry.token,
      SERVICE_VERSION: '1.0.0',
      DEPLOYMENT_ENVIRONMENT: 'production',
      DRAIN_DELAY_MS: '2000',
      ...(['product', 'order', 'payment'].includes(service) ? { DATABASE_URL: database.urlFor(service) } : {}),
      ...env,
    });
    running.add(process);
    void process.child.once('exit', () => running.delete(process));
    return process;
  };
  const startPayment = (port: number) =>
    start('payment', {
      PORT: String(port),
      INCIDENT_TOKEN,
      PROVIDER_LATENCY_MS: '50',
      PROVIDER_ERROR_RATIO: '0.2',
      PROVIDER_DECLINE_RATIO: '0',
      SETTLE_LEASE_MS: '1000',
    });

  beforeAll(async () => {
    registry = await startTestRegistry();
    database = await createTestDatabase(['product', 'order', 'payment']);
    admin = new pg.Client({ connectionString: database.adminUrl });
    await admin.connect();
    payment = await startPayment(await freePort());
    await start('product', { SERVICE_INSTANCE_ID: 'product-1' });
    await start('product', { SERVICE_INSTANCE_ID: 'product-2' });
    await start('order', { SERVICE_INSTANCE_ID: 'order-1', LEASE_MS: '2000' });
    await start('order', { SERVICE_INSTANCE_ID: 'order-2', LEASE_MS: '2000' });
    gateway = await start('gateway', { GATEWAY_API_KEYS: `tests:${KEY}`, RATE_LIMIT_PER_SECOND: '10000' });
    await waitFor(() => everyInstanceIsListed(registry), 'all instances to be listed');
  });
  afterAll(async () => {
    await Promise.all([...running].map((process) => process.end('SIGKILL')));
    await admin?.end();
    await database?.drop();
    await registry?.close();
  });

  const call = async (path: string, init: RequestInit = {}) =>
    fetch(`${gateway.url}${path}`, {
      ...init,
      headers: { 'x-api-key': KEY, 'content-type': 'application/json', ...init.headers },
    });
  const place = async (productId: string, quantity = 1, paymentMethod = 'pm_visa') => {
    const init = { method: 'POST', headers: { 'idempotency-key': randomUUID() } };
    const answer = await call('/api/orders', {
      ...init,
      body: JSON.stringify({ items: [{ productId, quantity }], paymentMethod }),
    });
    return { status: answer.status, body: orderSchema.parse(await answer.json()) };
  };
  const ends = (id: string) =>
    waitFor(
      async () => {
        const answer = await call(`/api/orders/${id}`);
        if (!answer.ok) return undefined;
        const order: Order = orderSchema.parse(await answer.json());
        return ['confirmed', 'failed', 'cancelled'].includes(order.state) ? order : undefined;
      },
      `order ${id} to end`,
      30_000,
      200,
    );
  const stock = async (id: string) => {
    const { rows } = await admin.query('SELECT on_hand, reserved FROM product.products WHERE id = $1', [id]);
    return rows[0] as { on_hand: number; reserved: number };
  };
  const simulate = (body: object) =>
    fetch(`${payment.url}/simulate/incident`, {
      method: 'POST',
      headers: { authorization: `Bearer ${INCIDENT_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const endIncidents = () =>
    fetch(`${payment.url}/simulate/incident`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${INCIDENT_TOKEN}` },
    });
  const books = async () => {
    const { rows } = await admin.query(
      `SELECT (SELECT count(*) FROM payment.charges) AS charges, (SELECT count(DISTINCT order_id) FROM payment.charges) AS orders,
         (SELECT coalesce(sum(captures), 0) FROM payment.provider_ledger) AS captures,
         (SELECT count(*) FROM payment.charges WHERE state = 'succeeded') AS succeeded`,
    );
    return rows[0] as Record<'charges' | 'orders' | 'captures' | 'succeeded', string>;
  };

  it('needs less than three seconds of processor time to be ready, each', () => {
    for (const process of running) {
      const started = process.lines.find((line) => 'startup_cpu_ms' in line);
      expect(Number(started?.startup_cpu_ms)).toBeLessThan(3_000);
    }
  });

  it('takes an order from the catalogue to its confirmation', async () => {
    const before = await stock('prd_0010');
    const product = productSchema.parse(await (await call('/api/products/prd_0010')).json());
    const placed = await place(product.id, 2);
    expect(placed.status).toBe(201);
    const order = await ends(placed.body.id);
    expect(order).toMatchObject({ state: 'confirmed', totalMinor: product.priceMinor * 2 });
    expect(await stock('prd_0010')).toEqual({ on_hand: before.on_hand - 2, reserved: before.reserved });
  });

  it('is one trace from the gateway to the settlement, with one correlation id', async () => {
    const placed = await place('prd_0011');
    await ends(placed.body.id);
    const line = gateway.lines.findLast((each) => each.route === '/api/orders' && each.status === 201);
    const { rows } = await admin.query('SELECT traceparent, correlation_id FROM payment.charges WHERE order_id = $1', [
      placed.body.id,
    ]);
    expect(rows[0].traceparent).toContain(line?.trace_id);
    expect(rows[0].correlation_id).toBe(line?.correlation_id);
  });

  it('releases the stock when the charge fails', async () => {
    const before = await stock('prd_0020');
    const placed = await place('prd_0020', 3, 'pm_declined');
    expect(await ends(placed.body.id)).toMatchObject({ state: 'failed', failureReason: 'payment_declined' });
    expect(await stock('prd_0020')).toEqual(before);
  });

  it('shows an incident at payment where payment is called, and orders still end well', async () => {
    await simulate({ kind: 'errors', ratio: 1, durationSeconds: 60 });
    const placed = await place('prd_0030');
    expect([placed.status, placed.body.state]).toEqual([201, 'reserved']);
    await endIncidents();
    expect((await ends(placed.body.id)).state).toBe('confirmed');
    const metrics = await Promise.all(
      [...running]
        .filter((each) => each.lines.some((line) => line.service === 'order'))
        .map(async (each) => (await fetch(`${each.url}/metrics`)).text()),
    );
    expect(metrics.join('')).toMatch(
      /http_client_request_duration_seconds_count\{peer_service="payment",http_request_method="POST",http_response_status_code="503",error_type="503"\} [1-9]/,
    );
  });

  it('loses no order and charges nothing twice when payment is killed under load', async () => {
    const { port } = payment;
    const placing = Array.from({ length: 30 }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, index * 40));
      return place(`prd_${String(100 + index).padStart(4, '0')}`);
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await payment.end('SIGKILL');
    const placed = await Promise.all(placing);
    expect(placed.every((each) => each.status === 201)).toBe(true);
    payment = await startPayment(port);
    const orders = await Promise.all(placed.map((each) => ends(each.body.id)));
    expect(new Set(orders.map((order) => order.state))).toEqual(new Set(['confirmed']));
    const { charges, orders: charged, captures, succeeded } = await books();
    expect(charged).toBe(charges);
    expect(captures).toBe(succeeded);
  });

  it('answers everything while a product replica is killed, and while one drains', async () => {
    const statuses: number[] = [];
    let reading = true;
    const reader = (async () => {
      for (let count = 0; reading; count++)
        statuses.push((await call(`/api/products?limit=${1 + (count % 400)}`)).status);
    })();
    const replicas = () => [...running].filter((each) => each.lines.some((line) => line.service === 'product'));
    const third = await start('product', { SERVICE_INSTANCE_ID: 'product-3' });
    await waitFor(() => registry.entries.get('product')?.size === 3, 'the third replica');
    await replicas()[0]?.end('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await third.end('SIGTERM')).toBe(0);
    reading = false;
    await reader;
    expect(statuses.length).toBeGreaterThan(50);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  });

  it('goes on calling while the registry is away', async () => {
    const port = Number(new URL(registry.url).port);
    await registry.close();
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect((await call('/api/products?limit=3&sort=price')).status).toBe(200);
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
    registry = await startTestRegistry(port);
  });
});

function everyInstanceIsListed(registry: TestRegistry): boolean {
  const ready = (service: string) =>
    [...(registry.entries.get(service)?.values() ?? [])].filter((each) => each.ready).length;
  return ready('product') === 2 && ready('order') === 2 && ready('payment') === 1 && ready('gateway') === 1;
}
