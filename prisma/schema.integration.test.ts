import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#lib/db/testing/database.ts';
import { sqlFromEmpty } from './engine.ts';
import { migrate } from './migrate.ts';

let migrated: TestDatabase;
let declared: TestDatabase;

beforeAll(async () => {
  [migrated, declared] = [await createTestDatabase(), await createTestDatabase()];
  await query(declared.url, 'drop schema public cascade; create schema public');
  await query(declared.url, await sqlFromEmpty(declared.url));
});
afterAll(() => Promise.all([migrated.drop(), declared.drop()]));

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query(sql);
    return result.rows ?? [];
  } finally {
    await client.end();
  }
}

const columns = `
  select table_name, column_name, udt_name, is_nullable, column_default from information_schema.columns
  where table_schema = 'public' and table_name <> '_prisma_migrations' order by 1, 2`;
const indexes = `
  select indexdef from pg_indexes
  where schemaname = 'public' and tablename <> '_prisma_migrations' and indexname not in ('fact_open', 'alert_firing', 'alert_delivery_waiting', 'alert_acknowledged', 'alert_firing_fingerprint') order by 1`;

test('the migrations make exactly what schema.prisma declares', async () => {
  expect(await query(migrated.url, columns)).toEqual(await query(declared.url, columns));
  expect(await query(migrated.url, indexes)).toEqual(await query(declared.url, indexes));
});

test('migrating twice at once and once more changes nothing', async () => {
  expect(await Promise.all([migrate(migrated.url), migrate(migrated.url)])).toEqual([[], []]);
});

test('facts and audit cannot be changed or removed, even by the owner; redaction leaves a mark', async () => {
  await query(
    migrated.url,
    `insert into fact (id, environment, kind, services, start_at, actor_kind, actor_id, actor_name, subject_kind,
       subject_id, title, payload, source)
     values ('019aa000-0000-7000-8000-000000000001', 'production', 'note', '{}', now(), 'person', 'p', 'P', 'note', 'n',
       'the password is hunter2', '{"text": "hunter2"}', 'test')`,
  );
  await expect(query(migrated.url, `update fact set title = 'x'`)).rejects.toThrow('append-only');
  await expect(query(migrated.url, 'delete from fact')).rejects.toThrow('append-only');
  await expect(query(migrated.url, 'truncate fact')).rejects.toThrow('append-only');
  await query(migrated.url, `select redact_fact('019aa000-0000-7000-8000-000000000001', 'Ada', 'a secret')`);
  const [fact] = await query(migrated.url, 'select title, payload from fact');
  expect(fact).toMatchObject({ title: '[redacted]', payload: { redacted: { by: 'Ada', why: 'a secret' } } });
  await expect(query(migrated.url, `update fact set title = 'x'`)).rejects.toThrow('append-only');
});

test('redaction says whether there was such a fact', async () => {
  const id = '019aa000-0000-7000-8000-000000000002';
  const redact = `select redact_fact('${id}', 'Ada', 'a secret') as found`;
  expect(await query(migrated.url, redact)).toEqual([{ found: false }]);
  await query(
    migrated.url,
    `insert into fact (id, environment, kind, services, start_at, actor_kind, actor_id, actor_name, subject_kind,
       subject_id, title, payload, source)
     values ('${id}', 'production', 'note', '{}', now(), 'person', 'p', 'P', 'note', 'n', 'x', '{}', 'test')`,
  );
  expect(await query(migrated.url, redact)).toEqual([{ found: true }]);
});

test('the processes may add to facts and audit and read them, and do no more', async () => {
  for (const role of ['quarterdeck_web', 'quarterdeck_worker']) {
    await query(migrated.url, `create role ${role}`).catch((error: Error) => {
      if (!/already exists/.test(error.message)) throw error;
    });
  }
  await migrate(migrated.url);
  const tables = await query(
    migrated.url,
    `select r.rolname as role, t.tablename as table, p as privilege
     from pg_roles r, pg_tables t, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p
     where r.rolname in ('quarterdeck_web', 'quarterdeck_worker') and t.schemaname = 'public'
       and has_table_privilege(r.rolname, format('public.%I', t.tablename), p)`,
  );
  const may = (role: string, table: string) =>
    tables
      .filter((row) => row.role === role && row.table === table)
      .map(({ privilege }) => privilege)
      .toSorted();
  for (const role of ['quarterdeck_web', 'quarterdeck_worker']) {
    for (const table of ['fact', 'audit_record', 'audit_link', 'slo_revision', 'alert_event'])
      expect(may(role, table)).toEqual(['INSERT', 'SELECT']);
    expect(may(role, 'person')).toEqual(['DELETE', 'INSERT', 'SELECT', 'UPDATE']);
    expect(may(role, '_prisma_migrations')).toEqual([]);
  }
  const asWeb = (sql: string) => query(migrated.url, `set role quarterdeck_web; ${sql}`);
  await expect(asWeb(`update fact set title = 'x'`)).rejects.toThrow('permission denied');
  await expect(asWeb('truncate audit_link')).rejects.toThrow('permission denied');
  await expect(asWeb('create table mine ()')).rejects.toThrow('permission denied');
  await asWeb(`select redact_fact('019aa000-0000-7000-8000-000000000002', 'Ada', 'again')`);
});
