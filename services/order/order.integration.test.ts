import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Order, orderSchema } from '#contracts/order.ts';
import { createClient } from '#kit/client/client.ts';
import { createPool, migrate, type Pool } from '#kit/postgres.ts';
import { staticDiscovery } from '#kit/registry/discovery.ts';
import type { Repeating } from '#kit/repeat.ts';
import type { Server } from '#kit/server.ts';
import { createTestDatabase, type TestDatabase, withoutPostgres } from '#kit/testing/database.ts';
import { waitFor } from '#kit/testing/process.ts';
import { type TestTools, testTools } from '#kit/testing/server.ts';
import { startUpstream, type Upstream } from '#kit/testing/upstream.ts';
import { buildApp } from './app.ts';
import { type Asked, answerAsPayment, answerAsProduct, createWorld, reply, type World } from './fake-world.ts';
import { orderMetrics } from './metrics.ts';
import { claimDueOrders, countOpen } from './order-store.ts';
import { paymentsOf } from './payments.ts';
import { startRecovery } from './recovery.ts';
import { Saga } from './saga.ts';
import { stockOf } from './stock.ts';

describe.skipIf(withoutPostgres)(`order${withoutPostgres ? ` (${withoutPostgres})` : ''}`, () => {
  let database: TestDatabase;
  let pool: Pool;
  let tools: TestTools;
  let app: Server;
  let product: Upstream;
  let payment: Upstream;
  let world: World;
  let saga: Saga;
  let owner: string;
  const recoveries: Repeating[] = [];
  const timing = { chargeGiveUpMs: 60_000, abandonMs: 60_000 };

  beforeAll(async () => {
    database = await createTestDatabase(['order']);
    tools = await testTools();
    const { log, metrics } = tools;
    pool = createPool({ url: database.urlFor('order'), schema: 'order', service: 'order', log, metrics });
    await migrate(pool, 'order', `${import.meta.dirname}/migrations`, log);
    product = await startUpstream((response) =>
      reply(response, answerAsProduct(world, product.requests.at(-1) as Asked)),
    );
    payment = await startUpstream((response) =>
      reply(response, answerAsPayment(world, payment.requests.at(-1) as Asked)),
    );
    const discovery = staticDiscovery({ product: [product.origin], payment: [payment.origin] });
    const client = (service: string) =>
      createClient({ service, discovery, metrics, attempts: 1, breaker: false, timeoutMs: 1_000 });
    owner = randomUUID();
    const business = orderMetrics(metrics, () => countOpen(pool));
    const stock = stockOf(client('product'));
    const payments = paymentsOf(client('payment'));
    const options = { pool, stock, payments, business, owner };
    saga = new Saga({
      ...options,
      get chargeGiveUpMs() {
        return timing.chargeGiveUpMs;
      },
    });
    app = await buildApp({
      ...tools,
      pool,
      saga,
      business,
      owner,
      leaseMs: 5_000,
      get abandonMs() {
        return timing.abandonMs;
      },
    });
  });
  afterAll(async () => {
    await app?.close();
    await product?.close();
    await payment?.close();
    await pool?.end();
    await database?.drop();
  });
  beforeEach(async () => {
    world = createWorld();
    Object.assign(timing, { chargeGiveUpMs: 60_000, abandonMs: 60_000 });
    await pool.query('TRUNCATE orders, order_transitions');
  });
  afterEach(async () => {
    for (const recovery of recoveries.splice(0)) await recovery.stop();
  });

  const recover = () => {
    recoveries.push(startRecovery({ pool, saga, log: tools.log, owner, leaseMs: 5_000, pollMs: 20 }));
  };
  const body = (more: object = {}) => ({ items: [{ productId: 'prd_0001', quantity: 2 }], ...more });
  const place = (payload: object = body(), key = randomUUID()) =>
    app.inject({ method: 'POST', url: '/orders', payload, headers: { 'idempotency-key': key } });
  const read = async (id: string): Promise<Order> => orderSchema.parse((await app.inject(`/orders/${id}`)).json());
  const reaches = (id: string, state: Order['state']) =>
    waitFor(async () => {
      const order = await read(id);
      return order.state === state ? order : undefined;
    }, `the order to be ${state}`);
  const wake = () => pool.query('UPDATE orders SET due_at = now()');
  const captured = () => [...world.charges.values()].filter(({ charge }) => charge.state === 'succeeded');

  describe('an order', () => {
    it('reserves, is charged and is confirmed', async () => {
      const placed = await place();
      expect(placed.statusCode).toBe(201);
      expect(orderSchema.parse(placed.json())).toMatchObject({ state: 'charging', totalMinor: 2_000 });
      recover();
      const order = await reaches(placed.json().id, 'confirmed');
      expect(order.failureReason).toBeNull();
      expect(world.reservations.get(order.id)?.state).toBe('committed');
      expect(captured()).toHaveLength(1);
      const { rows } = await pool.query('SELECT to_state FROM order_transitions WHERE order_id = $1 ORDER BY at', [
        order.id,
      ]);
      expect(rows.map((row) => row.to_state)).toEqual(['pending', 'reserved', 'charging', 'paid', 'confirmed']);
    });

    it('is the same for the same key, and refused when the key comes with another', async () => {
      const key = randomUUID();
      const first = await place(body(), key);
      const second = await place(body(), key);
      expect(second.json().id).toBe(first.json().id);
      expect(second.headers['idempotency-replayed']).toBe('true');
      expect((await place(body({ paymentMethod: 'pm_other' }), key)).statusCode).toBe(422);
      expect(world.charges.size).toBe(1);
    });

    it('is made once by equal requests at the same time', async () => {
      const key = randomUUID();
      const answers = await Promise.all(Array.from({ length: 5 }, () => place(body(), key)));
      expect(answers.every((answer) => [201, 409].includes(answer.statusCode))).toBe(true);
      expect((await pool.query('SELECT 1 FROM orders')).rowCount).toBe(1);
      expect(world.charges.size).toBe(1);
    });

    it('is refused with 409 when the stock is short, again for the same key', async () => {
      const key = randomUUID();
      for (let count = 0; count < 2; count++) {
        const answer = await place(body({ items: [{ productId: 'prd_0001', quantity: 11 }] }), key);
        expect([answer.statusCode, answer.json().code]).toEqual([409, 'order.out_of_stock']);
        expect((await read(answer.json().orderId)).state).toBe('failed');
      }
      expect(world.charges.size).toBe(0);
    });

    it('names an unknown product', async () => {
      const answer = await place(body({ items: [{ productId: 'prd_9999', quantity: 1 }] }));
      expect([answer.statusCode, answer.json().errors[0].path]).toEqual([400, 'items[0].productId']);
    });

    it.each([
      [{}, 'items'],
      [{ items: 'x' }, 'items'],
      [{ items: [{ productId: 'prd_0001' }] }, 'items[0].quantity'],
      [body({ paymentMethod: '4111 1111 1111 1111' }), 'paymentMethod'],
      [body({ price: 1 }), 'price'],
    ])('%j is refused by name', async (payload, path) => {
      const answer = await place(payload);
      expect([answer.statusCode, answer.json().errors[0].path]).toEqual([400, path]);
    });

    it('needs an idempotency key, and does not exist where it does not', async () => {
      const answer = await app.inject({ method: 'POST', url: '/orders', payload: body() });
      expect([answer.statusCode, answer.json().errors[0].path]).toEqual([400, 'idempotency-key']);
      for (const id of [randomUUID(), 'x', "1'--"]) expect((await app.inject(`/orders/${id}`)).statusCode).toBe(404);
    });
  });

  describe('when something fails', () => {
    it('a declined charge gives the stock back', async () => {
      world.settlesAs = 'declined';
      const { id } = (await place()).json();
      expect(world.stock).toBe(8);
      recover();
      expect((await reaches(id, 'failed')).failureReason).toBe('payment_declined');
      expect(world.stock).toBe(10);
      expect(captured()).toHaveLength(0);
    });

    it('a stock that cannot be reached is a 503, and the same key completes the order later', async () => {
      const key = randomUUID();
      world.productStatus = 503;
      const answer = await place(body(), key);
      expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '2']);
      recover();
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect((await read(answer.json().orderId)).state).toBe('pending');
      world.productStatus = 200;
      expect((await place(body(), key)).json().id).toBe(answer.json().orderId);
      await reaches(answer.json().orderId, 'confirmed');
    });

    it('an order that was answered with 503 and never tried again is given up, uncharged', async () => {
      timing.abandonMs = 50;
      world.productStatus = 503;
      const { orderId } = (await place()).json();
      world.productStatus = 200;
      recover();
      expect((await reaches(orderId, 'cancelled')).failureReason).toBe('abandoned');
      expect(world.charges.size).toBe(0);
    });

    it('a payment that is away keeps the order, which goes on when it is back', async () => {
      world.paymentStatus = 503;
      const placed = await place();
      expect([placed.statusCode, placed.json().state]).toEqual([201, 'reserved']);
      recover();
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect((await read(placed.json().id)).state).toBe('reserved');
      world.paymentStatus = 200;
      await wake();
      await reaches(placed.json().id, 'confirmed');
      expect(world.charges.size).toBe(1);
    });

    it('a charge that never settles is given up: stock back at once, order over when nothing is taken', async () => {
      timing.chargeGiveUpMs = 100;
      world.settlesAs = 'queued';
      const { id } = (await place()).json();
      recover();
      expect((await reaches(id, 'failed')).failureReason).toBe('payment_timeout');
      expect(world.stock).toBe(10);
      expect([...world.charges.values()].map(({ charge }) => charge.state)).toEqual(['cancelled']);
    });

    it('a charge whose answer was lost is found again and voided', async () => {
      world.loseAnswers = true;
      timing.chargeGiveUpMs = 100;
      const { id } = (await place()).json();
      expect(world.charges.size).toBe(1);
      recover();
      await reaches(id, 'compensating');
      world.loseAnswers = false;
      await wake();
      await reaches(id, 'failed');
      expect(world.charges.size).toBe(1);
      expect([...world.charges.values()].map(({ charge }) => charge.state)).toEqual(['refunded']);
    });

    it('a reservation that expired meanwhile is made again, or the money goes back', async () => {
      for (const [left, end] of [
        [10, 'confirmed'],
        [0, 'failed'],
      ] as const) {
        const { id } = (await place()).json();
        (world.reservations.get(id) as { state: string }).state = 'expired';
        world.stock = left;
        recover();
        await reaches(id, end);
        const last = [...world.charges.values()].at(-1);
        expect(last?.charge.state).toBe(end === 'confirmed' ? 'succeeded' : 'refunded');
        world.stock = 10;
      }
    });
  });

  describe('a crash', () => {
    it.each(['pending', 'reserved', 'charging', 'paid'])(
      'in state %s is survived: the order is completed once',
      async (state) => {
        const { id } = (await place()).json();
        await pool.query(
          `UPDATE orders SET state = $2, charge_id = CASE WHEN $2 IN ('charging', 'paid') THEN charge_id END,
           lease_owner = 'dead', lease_until = now() + interval '100 ms' WHERE id = $1`,
          [id, state],
        );
        recover();
        await reaches(id, 'confirmed');
        expect(world.charges.size).toBe(1);
        expect(world.stock).toBe(8);
      },
    );

    it('of one replica leaves its orders to another, which never take the same', async () => {
      world.stock = 100;
      for (let count = 0; count < 6; count++) await place();
      await wake();
      const [left, right] = await Promise.all([
        claimDueOrders(pool, 'a', 4, 5_000),
        claimDueOrders(pool, 'b', 4, 5_000),
      ]);
      const ids = [...left, ...right].map((order) => order.id);
      expect(ids).toHaveLength(6);
      expect(new Set(ids).size).toBe(6);
    });
  });

  describe('calling off', () => {
    const cancel = (id: string) => app.inject({ method: 'POST', url: `/orders/${id}/cancel` });

    it('voids the charge and gives the stock back, once', async () => {
      const { id } = (await place()).json();
      expect((await cancel(id)).statusCode).toBe(202);
      recover();
      expect((await reaches(id, 'cancelled')).failureReason).toBe('cancelled_by_customer');
      expect((await cancel(id)).statusCode).toBe(200);
      expect([world.stock, captured().length]).toEqual([10, 0]);
    });

    it('is too late for a confirmed order', async () => {
      const { id } = (await place()).json();
      recover();
      await reaches(id, 'confirmed');
      const answer = await cancel(id);
      expect([answer.statusCode, answer.json().code]).toEqual([409, 'order.too_late']);
      expect((await cancel(randomUUID())).statusCode).toBe(404);
    });
  });

  it('counts what happened', async () => {
    const { body: exposed } = await app.inject('/metrics');
    expect(exposed).toMatch(/order_transitions_total\{state="confirmed"\} [1-9]/);
    expect(exposed).toMatch(/order_revenue_minor_units_total\{currency="EUR"\} [1-9]/);
    expect(exposed).toMatch(/order_failures_total\{reason="payment_declined"\} 1/);
    expect(exposed).toContain('order_open{state="charging"}');
  });
});
