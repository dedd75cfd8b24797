import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { db, withTransaction } from './client.ts';
import { createListener, type Listener } from './listen.ts';
import { type Change, channel, notify } from './notify.ts';
import { useTestDatabase } from './testing/database.ts';

vi.stubEnv('LOG_LEVEL', 'fatal');

let done: () => Promise<void>;
let listener: Listener;
let heard: (Change | null)[];

beforeAll(async () => {
  done = await useTestDatabase();
  listener = createListener(process.env.DATABASE_URL ?? '', { heartbeatMs: 100 });
  heard = [];
  listener.subscribe((change) => void heard.push(change));
  await vi.waitUntil(() => listener.connected());
});
afterAll(async () => {
  await listener.close();
  await done();
});

const change = (id: string): Change => ({ topic: 'facts', id, audience: 'everyone' });
const hears = (expected: Change | null) => vi.waitFor(() => expect(heard).toContainEqual(expected), { timeout: 8_000 });

async function terminateListener(): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  const { rowCount } = await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'quarterdeck-listener'`,
  );
  expect(rowCount).toBe(1);
  await client.end();
}

describe('a listener', () => {
  test('says that anything may have changed as soon as it listens', () => {
    expect(heard).toEqual([null]);
  });

  test('hears what a transaction announced once it is committed, and not before', async () => {
    await withTransaction(async (tx) => {
      await notify(tx, change('committed'));
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(heard).not.toContainEqual(change('committed'));
    });
    await hears(change('committed'));
  });

  test('hears nothing of a transaction that was undone', async () => {
    const undone = withTransaction(async (tx) => {
      await notify(tx, change('undone'));
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await notify(db(), change('after'));
    await hears(change('after'));
    expect(heard).not.toContainEqual(change('undone'));
  });

  test('passes over what others write on the channel, and outlives a subscriber that throws', async () => {
    const leave = listener.subscribe(() => {
      throw new Error('a subscriber failed');
    });
    for (const payload of ['hello', '{', 'null', '']) await db().$executeRaw`select pg_notify(${channel}, ${payload})`;
    await notify(db(), change('sane'));
    await hears(change('sane'));
    leave();
  });

  test('comes back when its connection is terminated, and says that anything may have changed', async () => {
    for (const round of [1, 2]) {
      heard.length = 0;
      await terminateListener();
      await vi.waitUntil(() => !listener.connected() || heard.includes(null));
      await hears(null);
      expect(listener.connected()).toBe(true);
      await notify(db(), change(`round ${round}`));
      await hears(change(`round ${round}`));
      expect(heard.filter((one) => one === null)).toHaveLength(1);
    }
  });
});

test('a listener that cannot reach Postgres says so, keeps trying and can be closed', async () => {
  const lost = createListener('postgresql://nobody@127.0.0.1:1/none');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(lost.connected()).toBe(false);
  await lost.close();
});

test('a listener that is closed hears and holds nothing any more', async () => {
  const second = createListener(process.env.DATABASE_URL ?? '');
  const seen: unknown[] = [];
  second.subscribe((one) => void seen.push(one));
  await vi.waitUntil(() => second.connected());
  await second.close();
  expect(second.connected()).toBe(false);
  seen.length = 0;
  await notify(db(), change('late'));
  await hears(change('late'));
  expect(seen).toEqual([]);
});
