import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Charge, chargeSchema } from '#contracts/payment.ts';
import { createPool, migrate, type Pool } from '#kit/postgres.ts';
import type { Repeating } from '#kit/repeat.ts';
import type { Server } from '#kit/server.ts';
import { createTestDatabase, type TestDatabase, withoutPostgres } from '#kit/testing/database.ts';
import { waitFor } from '#kit/testing/process.ts';
import { type TestTools, testTools } from '#kit/testing/server.ts';
import { buildApp } from './app.ts';
import { claimCharges, finishCharge, queueState } from './charge-store.ts';
import { Incidents } from './incidents.ts';
import { type PaymentMetrics, paymentMetrics } from './metrics.ts';
import { type Provider, type ProviderBehaviour, simulatedProvider } from './provider.ts';
import { startSettler } from './settler.ts';

const TOKEN = 'incident-token-0123456789';

describe.skipIf(withoutPostgres)(`payment${withoutPostgres ? ` (${withoutPostgres})` : ''}`, () => {
  let database: TestDatabase;
  let pool: Pool;
  let tools: TestTools;
  let app: Server;
  let incidents: Incidents;
  let business: PaymentMetrics;
  let clock = Date.now;
  const workers: Repeating[] = [];
  const behaviour: { -readonly [key in keyof ProviderBehaviour]: number } = {
    latencyMs: 1,
    errorRatio: 0,
    declineRatio: 0,
  };

  beforeAll(async () => {
    database = await createTestDatabase(['payment']);
    tools = await testTools();
    const { log, metrics } = tools;
    pool = createPool({ url: database.urlFor('payment'), schema: 'payment', service: 'payment', log, metrics });
    await migrate(pool, 'payment', `${import.meta.dirname}/migrations`, log);
    incidents = new Incidents(pool, log, () => clock());
    business = paymentMetrics(metrics, {
      queueState: () => queueState(pool),
      activeIncidents: () => incidents.active().map((incident) => incident.kind),
    });
    app = await buildApp({
      ...tools,
      pool,
      incidents,
      kick: () => {},
      incidentToken: TOKEN,
      instanceId: 'payment-1',
      errorRatio: 0,
      latencyMs: 0,
    });
  });
  afterAll(async () => {
    await app?.close();
    await pool?.end();
    await database?.drop();
  });
  beforeEach(async () => {
    await pool.query('TRUNCATE charges, provider_ledger, incidents');
    await incidents.refresh();
    clock = Date.now;
    Object.assign(behaviour, { latencyMs: 1, errorRatio: 0, declineRatio: 0 });
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.stop();
  });

  const work = (provider: Provider = simulatedProvider(pool, () => behaviour), leaseMs = 5_000) => {
    const owner = randomUUID();
    const stalled = () => incidents.find('stall') !== undefined;
    const { log } = tools;
    const worker = startSettler({ pool, provider, business, log, owner, concurrency: 4, pollMs: 10, leaseMs, stalled });
    workers.push(worker);
    return worker;
  };
  const body = (more: object = {}) => ({
    orderId: randomUUID(),
    amountMinor: 1_250,
    currency: 'EUR',
    paymentMethod: 'pm_visa',
    ...more,
  });
  const charge = (payload: object = body(), key = randomUUID()) =>
    app.inject({ method: 'POST', url: '/charges', payload, headers: { 'idempotency-key': key } });
  const read = async (id: string): Promise<Charge> => chargeSchema.parse((await app.inject(`/charges/${id}`)).json());
  const settled = (id: string) =>
    waitFor(async () => {
      const found = await read(id);
      return ['queued', 'settling', 'voiding'].includes(found.state) ? undefined : found;
    }, 'the charge to settle');
  const captures = async () =>
    Number((await pool.query(`SELECT count(*) FROM provider_ledger WHERE outcome = 'captured'`)).rows[0].count);

  describe('a charge', () => {
    it('is taken with 202 and settled later', async () => {
      const answer = await charge();
      expect(answer.statusCode).toBe(202);
      expect(chargeSchema.parse(answer.json()).state).toBe('queued');
      work();
      expect(await settled(answer.json().id)).toMatchObject({ state: 'succeeded', amountMinor: 1_250 });
      expect(answer.headers.location).toBe(`/charges/${answer.json().id}`);
    });

    it('is the same for the same key, and refused when the key comes with another', async () => {
      const payload = body();
      const key = randomUUID();
      const answers = await Promise.all([charge(payload, key), charge(payload, key), charge(payload, key)]);
      expect(new Set(answers.map((answer) => answer.json().id)).size).toBe(1);
      expect((await charge(body(), key)).statusCode).toBe(422);
    });

    it('is declined with its reason', async () => {
      work();
      const { id } = (await charge(body({ paymentMethod: 'pm_insufficient_funds' }))).json();
      expect(await settled(id)).toMatchObject({ state: 'declined', declineReason: 'insufficient_funds' });
      expect(await captures()).toBe(0);
    });

    it('that is voided before it settles takes nothing', async () => {
      const { id } = (await charge()).json();
      expect((await app.inject({ method: 'POST', url: `/charges/${id}/void` })).statusCode).toBe(202);
      work();
      expect((await settled(id)).state).toBe('cancelled');
      expect(await captures()).toBe(0);
    });

    it('that is voided after it settled is paid back, once', async () => {
      work();
      const { id } = (await charge()).json();
      await settled(id);
      for (let count = 0; count < 2; count++) await app.inject({ method: 'POST', url: `/charges/${id}/void` });
      expect((await settled(id)).state).toBe('refunded');
      await app.inject({ method: 'POST', url: `/charges/${id}/void` });
      expect((await read(id)).state).toBe('refunded');
    });

    it.each([
      [body({ amountMinor: 0 }), 'amountMinor'],
      [body({ amountMinor: 12.5 }), 'amountMinor'],
      [body({ currency: 'XXX' }), 'currency'],
      [body({ orderId: 'x' }), 'orderId'],
      [body({ paymentMethod: '4111111111111111' }), 'paymentMethod'],
      [body({ cvv: '123' }), 'cvv'],
    ])('%j is refused by name', async (payload, path) => {
      const answer = await charge(payload);
      expect([answer.statusCode, answer.json().errors[0].path]).toEqual([400, path]);
    });

    it('needs an idempotency key', async () => {
      const answer = await app.inject({ method: 'POST', url: '/charges', payload: body() });
      expect([answer.statusCode, answer.json().errors[0].path]).toEqual([400, 'idempotency-key']);
    });

    it('that does not exist is a 404', async () => {
      for (const id of [randomUUID(), 'x', '%00']) expect((await app.inject(`/charges/${id}`)).statusCode).toBe(404);
    });
  });

  describe('the queue', () => {
    it('settles everything exactly once with several workers and a provider that fails after booking', async () => {
      behaviour.errorRatio = 0.4;
      const ids = await Promise.all(Array.from({ length: 20 }, async () => (await charge()).json().id as string));
      for (let count = 0; count < 3; count++) work();
      for (const id of ids) expect((await settled(id)).state).toBe('succeeded');
      const { rows } = await pool.query('SELECT count(*) AS rows, sum(captures) AS captures FROM provider_ledger');
      expect(rows).toEqual([{ rows: '20', captures: '20' }]);
    });

    it('goes on where a dead worker left off, charging nothing twice', async () => {
      const { id } = (await charge()).json();
      const [claimed] = await claimCharges(pool, 'dead', 1, 200);
      // It died after the provider had booked and before it could write that down.
      await simulatedProvider(pool, () => behaviour).capture({
        key: id,
        amountMinor: 1_250,
        currency: 'EUR',
        paymentMethod: 'pm_visa',
      });
      work();
      expect((await settled(id)).state).toBe('succeeded');
      expect(await captures()).toBe(1);
      expect(claimed && (await finishCharge(pool, claimed, 'dead', 'declined', 'late'))).toBe(false);
      expect((await read(id)).state).toBe('succeeded');
    });

    it('does not take what another worker holds', async () => {
      await charge();
      expect(await claimCharges(pool, 'a', 5, 5_000)).toHaveLength(1);
      expect(await claimCharges(pool, 'b', 5, 5_000)).toHaveLength(0);
    });

    it('lets a void overtake a capture that is under way, and pays it back', async () => {
      behaviour.latencyMs = 150;
      work();
      const { id } = (await charge()).json();
      await waitFor(async () => (await read(id)).state === 'settling', 'the capture to begin');
      await app.inject({ method: 'POST', url: `/charges/${id}/void` });
      work();
      expect(['cancelled', 'refunded']).toContain((await settled(id)).state);
      expect(await captures()).toBe(0);
    });

    it('shows its depth and the age of its oldest charge', async () => {
      await charge();
      await charge();
      await pool.query(`UPDATE charges SET created_at = now() - interval '90 seconds'`);
      const { body: exposed } = await app.inject('/metrics');
      expect(exposed).toContain('payment_queue_depth 2');
      expect(Number(/payment_queue_oldest_age_seconds ([\d.]+)/.exec(exposed)?.[1])).toBeGreaterThanOrEqual(90);
    });
  });

  describe('a simulated incident', () => {
    const simulate = (payload: object, token = TOKEN) =>
      app.inject({ method: 'POST', url: '/simulate/incident', payload, headers: { authorization: `Bearer ${token}` } });

    it('needs the token, in every way', async () => {
      for (const headers of [
        {},
        { authorization: 'Bearer wrong-token-0123456789' },
        { authorization: `Basic ${TOKEN}` },
      ]) {
        for (const method of ['GET', 'POST', 'DELETE'] as const) {
          const answer = await app.inject({ method, url: '/simulate/incident', headers });
          expect(answer.statusCode).toBe(401);
        }
      }
    });

    it('does not exist where no token is set', async () => {
      const quiet = { instanceId: 'payment-1', errorRatio: 0, latencyMs: 0 };
      const options = { ...quiet, pool, incidents, kick: () => {}, incidentToken: undefined };
      const without = await buildApp({ ...(await testTools()), ...options });
      const headers = { authorization: `Bearer ${TOKEN}` };
      expect((await without.inject({ method: 'POST', url: '/simulate/incident', headers })).statusCode).toBe(404);
      expect(
        (await without.inject({ method: 'POST', url: '/simulate/incident', headers: { authorization: 'Bearer ' } }))
          .statusCode,
      ).toBe(404);
      await without.close();
    });

    it('of errors answers with 503 until it expires by itself', async () => {
      const started = await simulate({ kind: 'errors', ratio: 1, durationSeconds: 60 });
      expect(started.statusCode).toBe(201);
      expect((await charge()).statusCode).toBe(503);
      expect((await app.inject('/healthz')).statusCode).toBe(200);
      expect((await app.inject('/readyz')).statusCode).toBe(200);
      clock = () => Date.now() + 61_000;
      expect((await charge()).statusCode).toBe(202);
    });

    it('of latency makes requests slow', async () => {
      await simulate({ kind: 'latency', latencyMs: 120, durationSeconds: 60 });
      const startedAtMs = performance.now();
      expect((await charge()).statusCode).toBe(202);
      expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(115);
    });

    it.each([
      [{ instance: 'payment-1' }, 503],
      [{ instance: 'payment-2' }, 202],
      [{ route: '/charges' }, 503],
      [{ route: '/charges/:id' }, 202],
      [{ paymentMethod: 'pm_visa' }, 503],
      [{ paymentMethod: 'pm_sepa' }, 202],
      [{ instance: 'payment-1', route: '/charges', paymentMethod: 'pm_sepa' }, 202],
    ])('of %j hits only what all of it names', async (scope, status) => {
      const begun = await simulate({ kind: 'errors', ratio: 1, durationSeconds: 60, scope });
      expect(begun.json().scope).toEqual(scope);
      expect((await charge()).statusCode).toBe(status);
    });

    it('of a stall lets the queue grow, and ends when it is deleted', async () => {
      await simulate({ kind: 'stall', durationSeconds: 60 });
      work();
      const { id } = (await charge()).json();
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect((await read(id)).state).toBe('queued');
      const ended = await app.inject({
        method: 'DELETE',
        url: '/simulate/incident',
        headers: { authorization: `Bearer ${TOKEN}` },
      });
      expect(ended.json()).toEqual({ ended: 1 });
      expect((await settled(id)).state).toBe('succeeded');
    });

    it('is seen by another replica and outlives a restart', async () => {
      await simulate({ kind: 'errors', ratio: 0.5, durationSeconds: 60 });
      const other = new Incidents(pool, tools.log);
      await other.refresh();
      expect(other.find('errors')).toMatchObject({ ratio: 0.5 });
    });

    it.each([
      [{ kind: 'fire', durationSeconds: 60 }, 'kind'],
      [{ kind: 'errors', durationSeconds: 1_801 }, 'durationSeconds'],
      [{ kind: 'errors' }, 'durationSeconds'],
      [{ kind: 'errors', ratio: 2, durationSeconds: 60 }, 'ratio'],
      [{ kind: 'latency', durationSeconds: 60 }, 'latencyMs'],
      [{ kind: 'latency', latencyMs: 60_000, durationSeconds: 60 }, 'latencyMs'],
      [{ kind: 'stall', durationSeconds: 60, scope: { instance: 'payment-1' } }, 'scope'],
      [{ kind: 'errors', durationSeconds: 60, scope: { route: 'charges' } }, 'scope.route'],
    ])('%j is refused by name', async (payload, path) => {
      const answer = await simulate(payload);
      expect([answer.statusCode, answer.json().errors[0].path]).toEqual([400, path]);
    });
  });
});
