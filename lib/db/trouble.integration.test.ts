import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#lib/core/ids.ts';
import { connect, type Database, db, withTransaction } from './client.ts';
import { databaseError, isUniqueViolation } from './errors.ts';
import { useTestDatabase } from './testing/database.ts';

let done: () => Promise<void>;
let killer: pg.Client;
beforeAll(async () => {
  done = await useTestDatabase();
  killer = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await killer.connect();
});
afterAll(async () => {
  await killer.end();
  await done();
});

const terminateAll = () =>
  killer.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function codeOf(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return 'it worked';
  } catch (error) {
    return databaseError(error)?.code ?? null;
  }
}

const addPerson = (email: string, database: Pick<Database, 'person'> = db()) =>
  database.person.create({ data: { id: newId(), email, name: 'Ada', role: 'viewer' } });
const renamePerson = (id: string) => db().person.update({ where: { id }, data: { name: 'Grace' } });

describe('Postgres that restarts', () => {
  test.each<[string, () => Promise<unknown>]>([
    [
      'before raw SQL',
      () =>
        withTransaction(async (tx) => {
          await tx.$queryRaw`select 1`;
          await terminateAll();
          return tx.$queryRaw`select 2`;
        }),
    ],
    [
      'before a query of the ORM',
      () =>
        withTransaction(async (tx) => {
          await tx.$queryRaw`select 1`;
          await terminateAll();
          return tx.person.findMany();
        }),
    ],
    [
      'a while before',
      () =>
        withTransaction(async (tx) => {
          await tx.$queryRaw`select 1`;
          await terminateAll();
          await pause(50);
          return tx.$queryRaw`select 2`;
        }),
    ],
    [
      'before the commit',
      () =>
        withTransaction(async (tx) => {
          await tx.$queryRaw`select 1`;
          await terminateAll();
          await pause(50);
        }),
    ],
    [
      'during a statement',
      () =>
        withTransaction(async (tx) => {
          setTimeout(terminateAll, 50);
          return tx.$queryRaw`select 1 from pg_sleep(5)`;
        }),
    ],
  ])('in the middle of a transaction, %s, is unavailable', async (_, work) => {
    expect(await codeOf(work())).toBe('database.unavailable');
  });

  test('keeps nothing of the transaction, and the next one works', async () => {
    const email = `${newId()}@example.com`;
    const broken = withTransaction(async (tx) => {
      await addPerson(email, tx);
      await terminateAll();
      await pause(50);
    });
    expect(await codeOf(broken)).toBe('database.unavailable');
    await pause(50);
    expect(await db().person.count({ where: { email } })).toBe(0);
    await withTransaction((tx) => addPerson(email, tx));
    expect(await db().person.count({ where: { email } })).toBe(1);
  });
});

describe('Postgres that is not there', () => {
  const server = process.env.TEST_DATABASE_URL ?? '';
  const other = (change: Partial<Pick<URL, 'pathname' | 'username'>>) =>
    Object.assign(new URL(server), change).toString();
  test.each([
    ['refuses', 'postgresql://nobody@127.0.0.1:1/none'],
    ['has no such host', 'postgresql://nobody@no-such-host.invalid/none'],
    ['has no such database', other({ pathname: '/no_such_database' })],
    ['knows no such role', other({ username: 'no_such_role' })],
  ])('%s: unavailable, for the ORM, raw SQL and transactions', async (_, url) => {
    const away = connect(url, 1);
    try {
      expect(await codeOf(away.person.findMany())).toBe('database.unavailable');
      expect(await codeOf(away.$queryRaw`select 1`)).toBe('database.unavailable');
      expect(await codeOf(withTransaction((tx) => tx.person.findMany(), away))).toBe('database.unavailable');
    } finally {
      await away.$disconnect();
    }
  });
});

describe('Postgres that is slow', () => {
  test('a statement beyond its time is a timeout', async () => {
    const slow = withTransaction(async (tx) => {
      await tx.$executeRaw`set local statement_timeout = 50`;
      await tx.$queryRaw`select 1 from pg_sleep(1)`;
    });
    expect(await codeOf(slow)).toBe('database.timeout');
  });

  test('so is a transaction beyond its time', async () => {
    const slow = db().$transaction(
      async (tx) => {
        await pause(100);
        await tx.$queryRaw`select 1`;
      },
      { timeout: 50 },
    );
    expect(await codeOf(slow)).toBe('database.timeout');
  });

  test('a transaction that finds no connection in time is unavailable', async () => {
    const narrow = connect(process.env.DATABASE_URL ?? '', 1);
    try {
      const busy = narrow.$transaction((tx) => tx.$queryRaw`select 1 from pg_sleep(0.6)`);
      await pause(50);
      expect(await codeOf(narrow.$transaction((tx) => tx.$queryRaw`select 1`, { maxWait: 100 }))).toBe(
        'database.unavailable',
      );
      await busy;
    } finally {
      await narrow.$disconnect();
    }
  });
});

test('two transactions that wait for each other: one gives in with a conflict', async () => {
  const [a, b] = await Promise.all([addPerson(`${newId()}@example.com`), addPerson(`${newId()}@example.com`)]);
  const rename = (first: string, second: string) =>
    withTransaction(async (tx) => {
      await tx.person.update({ where: { id: first }, data: { name: 'x' } });
      await pause(100);
      await tx.person.update({ where: { id: second }, data: { name: 'x' } });
    });
  const codes = await Promise.all([codeOf(rename(a.id, b.id)), codeOf(rename(b.id, a.id))]);
  expect(codes.sort()).toEqual(['database.conflict', 'it worked']);
  await renamePerson(a.id);
});

test('a unique value that exists is known, from the ORM, raw SQL and in a transaction', async () => {
  const email = `${newId()}@example.com`;
  await addPerson(email);
  const raw = (database: Pick<Database, '$executeRaw'>) =>
    database.$executeRaw`insert into person (id, email, name, role) values (gen_random_uuid(), ${email}, 'x', 'viewer')`;
  for (const attempt of [() => addPerson(email), () => raw(db()), () => withTransaction((tx) => raw(tx))]) {
    const error = await attempt().catch((thrown: unknown) => thrown);
    expect(isUniqueViolation(error)).toBe(true);
    expect(databaseError(error)).toBeNull();
  }
});

test('a transaction that its process forgets does not stay open', async () => {
  const [row] = await db().$queryRaw<{ ms: string }[]>`
    select setting as ms from pg_settings where name = 'idle_in_transaction_session_timeout'`;
  expect(Number(row?.ms)).toBeGreaterThan(0);
  expect(Number(row?.ms)).toBeLessThan(60_000);
});
