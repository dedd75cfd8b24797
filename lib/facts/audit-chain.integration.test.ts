import { execFile } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#lib/core/ids.ts';
import { connect, db } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { extendAuditChain, verifyAuditChain } from './audit-chain.ts';

let done: () => Promise<void>;
beforeAll(async () => {
  done = await useTestDatabase();
});
beforeEach(() => tamper('truncate audit_record, audit_link'));
afterAll(() => done());

const agoMs = (ms: number) => new Date(Date.now() - ms);
const minute = 60_000;

/** Writes a record as if it had been `ms` ago. */
async function record(ms: number, detail: object = {}): Promise<string> {
  const id = newId();
  await db().$executeRaw`
    insert into audit_record (id, recorded_at, actor_kind, actor_id, actor_name, verb, outcome, subject_kind, subject_id, detail)
    values (${id}::uuid, ${agoMs(ms)}, 'person', 'ada', 'Ada', 'test', 'done', 'thing', ${id}, ${JSON.stringify(detail)}::jsonb)`;
  return id;
}

/** What only somebody with all rights on the database could do. */
async function tamper(sql: string, values: unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query("set session_replication_role = 'replica'");
  await client.query(sql, values);
  await client.end();
}

const extend = () => extendAuditChain(db(), new Date());
const verify = () => verifyAuditChain(db());

/** Three links of two records each; the ids in order. */
async function threeLinks(): Promise<string[]> {
  const ids: string[] = [];
  for (const age of [60, 50, 40]) {
    ids.push(await record(age * minute, { n: age, text: "it's 🛥", nested: { list: [1, null] } }));
    ids.push(await record(age * minute - 1));
    await extendAuditChain(db(), agoMs((age - 5) * minute));
  }
  return ids;
}

describe('the audit chain', () => {
  test('of nothing holds', async () => {
    expect(await extend()).toBe(0);
    expect(await verify()).toEqual({ links: 0, records: 0, broken: null });
  });

  test('covers each record once, and holds', async () => {
    await threeLinks();
    expect(await verify()).toEqual({ links: 3, records: 6, broken: null });
    expect(await extend()).toBe(0);
  });

  test('leaves out what has not settled, by the clock of Postgres and not only by ours', async () => {
    await record(2 * minute);
    await record(10_000);
    expect(await extendAuditChain(db(), new Date(Date.now() + 60 * minute))).toBe(1);
    expect(await verify()).toEqual({ links: 1, records: 1, broken: null });
  });

  test('is extended by many at once without harm', async () => {
    for (let index = 0; index < 5; index++) await record((10 + index) * minute);
    const covered = await Promise.all([extend(), extend(), extend()]);
    expect(covered.toSorted()).toEqual([0, 0, 5]);
    expect(await verify()).toEqual({ links: 1, records: 5, broken: null });
  });

  test('after a long pause has links of bounded size, also where many records share a time', async () => {
    await db().$executeRaw`
      insert into audit_record (id, recorded_at, actor_kind, actor_id, actor_name, verb, outcome, subject_kind, subject_id, detail)
      select gen_random_uuid(), now() - interval '1 hour' + (n / 100) * interval '1 millisecond',
             'job', 'j', 'J', 'test', 'done', 'thing', n::text, '{}' from generate_series(1, 12000) n`;
    expect(await extend()).toBe(12_000);
    const { links, ...rest } = await verify();
    expect(rest).toEqual({ records: 12_000, broken: null });
    expect(links).toBe(3);
  });

  test('does not depend on the time zone of a session, nor on columns that come later', async () => {
    await threeLinks();
    await tamper(
      `alter database ${new URL(process.env.DATABASE_URL ?? '').pathname.slice(1)} set timezone = 'Asia/Kathmandu'`,
    );
    await tamper("alter table audit_record add column later text not null default 'x'");
    const other = connect(process.env.DATABASE_URL ?? '', 1);
    expect((await verifyAuditChain(other)).broken).toBeNull();
    await other.$disconnect();
    await tamper('alter table audit_record drop column later');
  });
});

describe('whoever changes the past with all rights', () => {
  test.each<[string, (ids: string[]) => [string, unknown[]?], RegExp]>([
    [
      'a detail',
      (ids) => ["update audit_record set detail = '{}' where id = $1", [ids[0]]],
      /under link 1 was changed/,
    ],
    [
      'who did it',
      (ids) => ["update audit_record set actor_name = 'Eve' where id = $1", [ids[3]]],
      /under link 2 was changed/,
    ],
    [
      'an outcome',
      (ids) => ["update audit_record set outcome = 'refused' where id = $1", [ids[5]]],
      /under link 3 was changed/,
    ],
    [
      'who may see it',
      (ids) => ["update audit_record set audience = 'nobody' where id = $1", [ids[1]]],
      /under link 1 was changed/,
    ],
    [
      'its time by a millisecond',
      (ids) => ["update audit_record set recorded_at = recorded_at + interval '1 millisecond' where id = $1", [ids[2]]],
      /under link 2 was changed/,
    ],
    [
      'by removing a record',
      (ids) => ['delete from audit_record where id = $1', [ids[4]]],
      /link 3 covers 2 records, but 1/,
    ],
    [
      'by adding one',
      () => [
        `insert into audit_record select gen_random_uuid(), recorded_at, actor_kind, actor_id, actor_name, verb, outcome,
         code, environment, subject_kind, subject_id, detail, request_id, address, audience from audit_record limit 1`,
      ],
      /covers 2 records, but 3/,
    ],
    ['by removing a link', () => ['delete from audit_link where seq = 2'], /link 2 is missing/],
    ['by removing the first link', () => ['delete from audit_link where seq = 1'], /link 1 is missing/],
    ['by making a link fit', () => ["update audit_link set hash = 'x' where seq = 1"], /under link 1 was changed/],
    [
      'by stretching a link',
      () => ["update audit_link set covers_until = covers_until + interval '10 minutes' where seq = 1"],
      /link 1 covers 2 records, but/,
    ],
  ])('is found out: %s', async (_, change, broken) => {
    const ids = await threeLinks();
    const [sql, values] = change(ids);
    await tamper(sql, values);
    expect((await verify()).broken).toMatch(broken);
  });

  test('cannot do it as the console can: the database refuses', async () => {
    await threeLinks();
    for (const sql of [
      'update audit_link set records = 1',
      'delete from audit_link',
      'truncate audit_link',
      'truncate audit_record',
    ]) {
      await expect(db().$executeRawUnsafe(sql)).rejects.toThrow('append-only');
    }
  });
});

describe('npm run audit:verify', () => {
  const run = (env: Record<string, string | undefined> = {}) =>
    new Promise<{ status: unknown; stdout: string; stderr: string }>((resolve) => {
      const given = {
        NODE_ENV: 'test' as const,
        PATH: process.env.PATH,
        DATABASE_URL: process.env.DATABASE_URL,
        ...env,
      };
      const file = join(import.meta.dirname, '../main/audit-verify.ts');
      execFile(process.execPath, [file], { env: given }, (error, stdout, stderr) =>
        resolve({ status: error?.code ?? 0, stdout, stderr }),
      );
    });

  test('says that the chain holds, where it broke, or what is away', async () => {
    const ids = await threeLinks();
    const [holds, missing, away] = await Promise.all([
      run(),
      run({ DATABASE_URL: '' }),
      run({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' }),
    ]);
    expect(holds).toEqual({ status: 0, stdout: 'The audit chain holds: 3 links over 6 records.\n', stderr: '' });
    expect(missing).toMatchObject({ status: 2, stderr: expect.stringContaining('DATABASE_OWNER_URL') });
    expect(away).toMatchObject({ status: 2, stderr: expect.stringContaining('Postgres does not answer') });
    await tamper("update audit_record set verb = 'x' where id = $1", [ids[2]]);
    const { status, stderr } = await run();
    expect(status).toBe(1);
    expect(stderr).toMatch(/^The audit chain is broken: a record under link 2 was changed: one between .* and .*\.\n$/);
  });
});
