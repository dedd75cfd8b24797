import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { Client } from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { receiverMetrics } from './metrics.ts';
import { migrateTelemetry } from './migrate.ts';
import { startRetention } from './retention.ts';
import { openStore, type Store } from './store.ts';
import { post, span, tracesBody } from './testing/bodies.ts';
import { createTelemetryDatabase, startTestReceiver, type TestDatabase, until } from './testing/setup.ts';

const presentHour = Math.floor(Date.now() / 3_600_000);
const roles = ['quarterdeck_receiver', 'quarterdeck_web', 'quarterdeck_worker'];
let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await createTelemetryDatabase();
  for (const role of roles) {
    await database.query(
      `DO $$ BEGIN CREATE ROLE ${role}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
    );
  }
  await migrateTelemetry(database.url);
  store = openStore(database.url, () => {});
});

afterAll(async () => {
  await store?.close();
  await database?.drop();
});

async function hours(): Promise<number[]> {
  return (await store.partitions()).map(({ hour }) => hour).sort((a, b) => a - b);
}

async function as(role: string, sql: string): Promise<string> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query(`SET ROLE ${role}`);
    await client.query(sql);
    return 'done';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  } finally {
    await client.end();
  }
}

/** The plan that Postgres would take for a large table. */
async function planOf(sql: string): Promise<string> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query('SET enable_seqscan = off');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  } finally {
    await client.end();
  }
}

it('survives a connection that breaks under a transaction', async () => {
  const blocker = new Client({ connectionString: database.url });
  await blocker.connect();
  await blocker.query('BEGIN; LOCK TABLE telemetry.undecided IN ACCESS EXCLUSIVE MODE');
  const uncaught: unknown[] = [];
  const hear = (error: unknown) => void uncaught.push(error);
  process.on('uncaughtException', hear);
  const pieces = { traces: [], logs: [] };
  const batch = { resources: [], hours: [], pieces, undecided: [], decided: [randomUUID()], sampling: [] };
  const outcome = store.insert(batch).then(
    () => 'stored',
    () => 'failed',
  );
  const waiting = "datname = current_database() AND query LIKE 'DELETE FROM telemetry.undecided%' AND state = 'active'";
  await until(async () => (await database.query(`SELECT FROM pg_stat_activity WHERE ${waiting}`)).length > 0);
  await database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${waiting}`);
  expect(await outcome).toBe('failed');
  await blocker.end();
  expect(await store.insert(batch)).toEqual({ traces: 0, logs: 0 });
  process.off('uncaughtException', hear);
  expect(uncaught).toEqual([]);
});

describe('migrations', () => {
  it('apply once, also when several processes migrate at the same time', async () => {
    const fresh = await createTelemetryDatabase();
    await fresh.query('DROP SCHEMA telemetry CASCADE');
    const applied = await Promise.all([1, 2, 3].map(() => migrateTelemetry(fresh.url)));
    const files = readdirSync(new URL('./migrations/', import.meta.url)).sort();
    expect(applied.flat()).toEqual(files);
    await fresh.drop();
  });

  it('refuse to go on when one that landed was edited', async () => {
    const fresh = await createTelemetryDatabase();
    await fresh.query("UPDATE telemetry.migration SET checksum = 'other'");
    await expect(migrateTelemetry(fresh.url)).rejects.toThrow('0001_store.sql was edited after it landed');
    await fresh.drop();
  });
});

describe('rights', () => {
  const denied = '42501';
  it.each([
    ['quarterdeck_receiver', 'SELECT FROM telemetry.span', denied],
    ['quarterdeck_receiver', 'DELETE FROM telemetry.span', denied],
    ['quarterdeck_receiver', 'DROP TABLE telemetry.span', denied],
    ['quarterdeck_receiver', 'CREATE TABLE telemetry.mine ()', denied],
    ['quarterdeck_receiver', `SELECT telemetry.ensure_partition(${presentHour + 40})`, 'done'],
    ['quarterdeck_receiver', `SELECT telemetry.drop_partition(${presentHour + 40})`, 'done'],
    ['quarterdeck_web', 'SELECT FROM telemetry.span, telemetry.log_record, telemetry.resource', 'done'],
    ['quarterdeck_receiver', 'DELETE FROM telemetry.undecided WHERE spans IS NULL', 'done'],
    ['quarterdeck_web', 'SELECT FROM telemetry.sampling', 'done'],
    ['quarterdeck_web', 'SELECT FROM telemetry.undecided', denied],
    ['quarterdeck_web', 'DELETE FROM telemetry.span', denied],
    ['quarterdeck_web', `SELECT telemetry.drop_partition(${presentHour})`, denied],
    ['quarterdeck_worker', 'SELECT FROM telemetry.span', 'done'],
    ['quarterdeck_worker', 'INSERT INTO telemetry.resource VALUES ($$a$$, $$b$$, $$c$$, $${}$$)', denied],
  ])('%s: %s: %s', async (role, sql, outcome) => {
    expect(await as(role, sql)).toBe(outcome);
  });

  it('of the receiver are enough for all that it does', async () => {
    const url = new URL(database.url);
    url.searchParams.set('options', '-c role=quarterdeck_receiver');
    const receiver = await startTestReceiver(url.toString());
    expect((await post(`${receiver.url}/v1/traces`, tracesBody(span()))).status).toBe(200);
    await receiver.close();
  });
});

describe('partitions', () => {
  it('are made ahead, made again when somebody dropped them, and found by an index on attributes', async () => {
    const receiver = await startTestReceiver(database.url);
    expect(await hours()).toEqual(expect.arrayContaining([0, 1, 2, 3].map((ahead) => presentHour + ahead)));
    await database.query('SELECT telemetry.drop_partition($1)', [presentHour]);
    const route = { key: 'http.route', value: { value: { case: 'stringValue' as const, value: '/found' } } };
    expect((await post(`${receiver.url}/v1/traces`, tracesBody(span({ attributes: [route] }), span()))).status).toBe(
      200,
    );
    const condition = `attributes @> '{"http.route": "/found"}'`;
    expect(await database.query(`SELECT FROM telemetry.span WHERE ${condition}`)).toHaveLength(1);
    expect(await planOf(`SELECT FROM telemetry.span WHERE ${condition}`)).toMatch(
      /Bitmap Index Scan on span_\d+_attributes/,
    );
    await receiver.close();
  });

  it('go when they are too old, and the oldest go when the store is too large', async () => {
    const logger = pino({ level: 'silent' });
    for (const ago of [30, 26, 25, 3, 2, 1, 0]) await store.ensurePartitions([presentHour - ago]);
    const byAge = startRetention(store, { retentionHours: 24, retentionBytes: 2 ** 40 }, receiverMetrics(), logger);
    await byAge.run();
    byAge.stop();
    expect(Math.min(...(await hours()))).toBe(presentHour - 3);

    await database.query(
      `INSERT INTO telemetry.span (trace_id, span_id, start_ns, duration_ns, environment, service, name, kind, status, flags,
         resource_id, attributes, dropped_attributes, dropped_events, dropped_links)
       SELECT decode(md5(n::text), 'hex'), substring(decode(md5(n::text), 'hex') FOR 8),
         ($1::bigint - n % 4) * 3600000000000, 1, '', 'x', repeat('y', 1000), 0, 0, 0, '', '{}', 0, 0, 0
       FROM generate_series(1, 8000) n`,
      [presentHour],
    );
    const sizes = await store.partitions();
    const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
    const oldest = sizes.find(({ hour }) => hour === presentHour - 3)?.bytes ?? 0;
    const bySize = startRetention(
      store,
      { retentionHours: 24, retentionBytes: total - oldest },
      receiverMetrics(),
      logger,
    );
    await bySize.run();
    bySize.stop();
    expect(Math.min(...(await hours()))).toBe(presentHour - 2);
    expect(bySize.oldestHour()).toBe(presentHour - 2);
  });

  it('forgets counts of minutes of which nothing is kept', async () => {
    await database.query('INSERT INTO telemetry.sampling VALUES (10, 5, 4, 0.5), (20, 5, 4, 0.5)');
    await store.forgetSampling(20);
    expect(await database.query('SELECT minute FROM telemetry.sampling WHERE minute <= 20')).toEqual([
      { minute: '20' },
    ]);
  });

  it('forgets resources that sent nothing for longer than anything is kept', async () => {
    await database.query(
      "INSERT INTO telemetry.resource (id, environment, service, attributes, last_seen) VALUES ('old', '', 'gone', '{}', now() - interval '40 hours')",
    );
    await store.forgetResources(new Date(Date.now() - 27 * 3_600_000));
    expect(await database.query("SELECT FROM telemetry.resource WHERE service = 'gone'")).toEqual([]);
  });
});
