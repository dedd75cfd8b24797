import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#lib/core/ids.ts';
import { db, withTransaction } from './client.ts';
import { acquireLease, acquireLock, leaseHolder, lockName, releaseLease, renewLease } from './lease.ts';
import { useTestDatabase } from './testing/database.ts';

let done: () => Promise<void>;
beforeAll(async () => {
  done = await useTestDatabase();
});
afterAll(() => done());

const ttlMs = 30_000;
const take = (name: string, holder: string, ms = ttlMs) =>
  acquireLease(db(), { name, holder, ttlMs: ms, reason: 'test' });

describe('a lease', () => {
  test('has one holder; another waits', async () => {
    const name = newId();
    const first = await take(name, 'a');
    expect(first).toMatchObject({ name, holder: 'a', token: 1n });
    expect(await take(name, 'b')).toBeNull();
    expect(await leaseHolder(db(), name)).toMatchObject({ holder: 'a', reason: 'test' });
  });

  test('ends at its time by the clock of Postgres', async () => {
    const held = await take(newId(), 'a', 1_500);
    const [{ now }] = (await db().$queryRaw<{ now: Date }[]>`select clock_timestamp() as now`) as [{ now: Date }];
    const leftMs = (held?.expiresAt.getTime() ?? 0) - now.getTime();
    expect(leftMs).toBeGreaterThan(500);
    expect(leftMs).toBeLessThanOrEqual(1_500);
  });

  test('taken again by its holder is prolonged under the same token', async () => {
    const name = newId();
    const first = await take(name, 'a', 1_000);
    const again = await take(name, 'a', 60_000);
    expect(again?.token).toBe(first?.token);
    expect(again?.expiresAt.getTime()).toBeGreaterThan(first?.expiresAt.getTime() ?? 0);
  });

  test('that has expired goes to the next one under a higher token, and cannot be renewed any more', async () => {
    const name = newId();
    const first = await take(name, 'a', 30);
    await sleep(60);
    expect(await leaseHolder(db(), name)).toBeNull();
    expect(await renewLease(db(), first!, ttlMs)).toBe(false);
    const second = await take(name, 'b');
    expect(second).toMatchObject({ holder: 'b', token: 2n });
    expect(await renewLease(db(), first!, ttlMs)).toBe(false);
    expect(await renewLease(db(), second!, ttlMs)).toBe(true);
  });

  test('that expired under its own holder raises the token as well: somebody may have acted in between', async () => {
    const name = newId();
    await take(name, 'a', 30);
    await sleep(60);
    expect((await take(name, 'a'))?.token).toBe(2n);
  });

  test('that was given back is free at once, and its token goes on rising', async () => {
    const name = newId();
    for (const token of [1n, 2n, 3n]) {
      const held = await take(name, `holder ${token}`);
      expect(held?.token).toBe(token);
      await releaseLease(db(), held!);
    }
  });

  test('cannot be given back by one who has lost it', async () => {
    const name = newId();
    const lost = await take(name, 'a', 30);
    await sleep(60);
    await take(name, 'b');
    await releaseLease(db(), lost!);
    expect(await leaseHolder(db(), name)).toMatchObject({ holder: 'b' });
  });

  test('asked for by many at once goes to one', async () => {
    const name = newId();
    for (let round = 1n; round <= 3n; round++) {
      const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => take(name, `h${index}`)));
      const winners = answers.filter((held) => held !== null);
      expect(winners).toMatchObject([{ token: round }]);
      await releaseLease(db(), winners[0]!);
    }
  });
});

describe('the lock on a target', () => {
  const target = (service: string) => ({ environment: 'production', service });
  const lock = (service: string, holder: string) =>
    acquireLock(db(), target(service), { holder, ttlMs, reason: 'scaling to 3' });

  test('tells who holds it, since when and why', async () => {
    await lock('payment', 'operation 1');
    await expect(lock('payment', 'operation 2')).rejects.toMatchObject({
      code: 'lock.held',
      status: 423,
      detail: expect.stringMatching(/^payment is locked by operation 1 since \d{4}-.*Z \(scaling to 3\)\.$/),
    });
  });

  test('is one for each service in each environment', async () => {
    await lock('order', 'operation 1');
    await acquireLock(db(), { environment: 'staging', service: 'order' }, { holder: 'o2', ttlMs, reason: 'x' });
    await lock('product', 'operation 3');
    expect(lockName('a', 'b')).not.toBe(lockName('b', 'a'));
  });

  test('is kept only if its transaction is', async () => {
    const attempt = withTransaction(async (tx) => {
      await acquireLock(tx, target('gateway'), { holder: 'x', ttlMs, reason: 'x' });
      throw new Error('undone');
    });
    await expect(attempt).rejects.toThrow('undone');
    expect(await leaseHolder(db(), lockName('production', 'gateway'))).toBeNull();
  });
});
