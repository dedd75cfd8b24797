import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTelemetryDatabase, startTestReceiver, type TestDatabase, until } from '#lib/receiver/testing/setup.ts';
import type { LogQuery } from '../port.ts';
import { postLogs, type SentLine } from '../testing/otlp.ts';
import { openReader } from './postgres.ts';
import { createEmbeddedLogs } from './source.ts';

const nowNs = BigInt(Date.now()) * 1_000_000n;
const minute = 60_000_000_000n;
let database: TestDatabase;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  database = await createTelemetryDatabase();
  const receiver = await startTestReceiver(database.url);
  const lines = Array.from(
    { length: 300 },
    (_, index): SentLine => ({
      timeNs: nowNs - BigInt(index) * 20_000_000_000n,
      environment: 'production',
      service: index % 3 === 0 ? 'order' : 'payment',
      level: 'info',
      body: index === 299 ? 'the needle' : index === 298 ? 'x'.repeat(50_000) : `hay ${index}`,
      attributes: { n: index },
    }),
  );
  await postLogs(`${receiver.url}/v1/logs`, lines);
  await receiver.close();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});
afterAll(() => database.drop());

function open(change: { timeoutMs?: number; databaseUrl?: string; pollMs?: number } = {}) {
  const source = createEmbeddedLogs({
    databaseUrl: database.url,
    defaultEnvironment: 'production',
    timeoutMs: 5_000,
    ...change,
  });
  opened.push(source);
  return source;
}
const query = (change: Partial<LogQuery> = {}): LogQuery => ({
  environment: 'production',
  fromNs: nowNs - 200n * minute,
  toNs: nowNs + 1n,
  services: [],
  attributes: [],
  ...change,
});

test('a connection that breaks under a statement fails it, and nothing else', async () => {
  const reader = openReader(database.url, 'embedded');
  opened.push(reader);
  const uncaught: unknown[] = [];
  const hear = (error: unknown) => void uncaught.push(error);
  process.on('uncaughtException', hear);
  const asked = reader.read('SELECT pg_sleep(20), $1::text AS marked', ['break me'], { timeoutMs: 30_000 });
  const outcome = asked.then(
    () => 'answered',
    (error: unknown) => (error as { kind?: string }).kind,
  );
  const others = "application_name = 'quarterdeck-logs' AND query LIKE '%AS marked'";
  await until(async () => (await database.query(`SELECT FROM pg_stat_activity WHERE ${others}`)).length > 0);
  await database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${others}`);
  expect(await outcome).toBe('unreachable');
  expect(await reader.read('SELECT 1 AS one', [], { timeoutMs: 5_000 })).toEqual([{ one: 1 }]);
  process.off('uncaughtException', hear);
  expect(uncaught).toEqual([]);
});

test('text and any attribute are looked for by index', async () => {
  const indexes = await database.query<{ name: string }>(
    "SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indrelid = 'telemetry.log_record'::regclass",
  );
  const names = indexes.map(({ name }) => name);
  expect(names).toContain('telemetry.log_record_body');
  const { lines, notes } = await open().search(query({ text: 'NEEDLE' }), { limit: 10, order: 'newest' });
  expect([lines.map(({ body }) => body), notes]).toEqual([['the needle'], []]);
});

test('says what is looked for without an index', async () => {
  const { notes } = await open().search(
    query({
      text: 'ha hay',
      attributes: [
        { key: 'n', operator: '!=', value: '1' },
        { key: 'n', operator: '=', value: '2' },
      ],
    }),
    { limit: 10, order: 'newest' },
  );
  expect(notes).toEqual([expect.stringMatching(/Without an index.*“ha”.*“n”/)]);
  expect(notes[0]).not.toContain('“hay”');
});

test('a long body is cut in a list, and that is said', async () => {
  const { lines, notes } = await open().search(query({ text: 'xxxxx' }), { limit: 10, order: 'newest' });
  expect([lines[0]?.body.length, notes]).toEqual([32_768, ['One line was cut at 32768 characters.']]);
});

describe('when time runs out', () => {
  test('it says how far it came, and goes on from there to the end', async () => {
    const source = open({ timeoutMs: 900 });
    const blocker = new pg.Client({ connectionString: database.url });
    await blocker.connect();
    // Nobody can read the hour in which the oldest lines are until the lock is gone.
    const [{ part } = { part: '' }] = await database.query<{ part: string }>(
      "SELECT tableoid::regclass::text AS part FROM telemetry.log_record WHERE body = 'the needle'",
    );
    await blocker.query(`BEGIN; LOCK TABLE ${part} IN ACCESS EXCLUSIVE MODE`);
    try {
      const first = await source.search(query({ text: 'hay' }), { limit: 500, order: 'newest' });
      expect(first.truncated).toBe(true);
      expect(first.lines.length).toBeGreaterThan(0);
      expect(first.notes.at(-1)).toMatch(/^Stopped after 1 s: looked back to .* UTC\.$/);
      const counted = await source.histogram(query(), 60);
      expect(counted.exact).toBe(false);
      expect(counted.notes.at(-1)).toMatch(/counted since/);
      expect(BigInt(counted.fromMs) * 1_000_000n).toBeGreaterThan(query().fromNs);
      await blocker.query('ROLLBACK');
      const rest = await source.search(query({ text: 'hay' }), { limit: 500, order: 'newest', after: first.reached });
      const all = [...first.lines, ...rest.lines].map(({ id }) => id);
      expect(rest.truncated).toBe(false);
      expect([all.length, new Set(all).size]).toEqual([298, 298]);
    } finally {
      await blocker.end();
    }
  });

  test('and nothing at all was found, it is an error', async () => {
    const blocker = new pg.Client({ connectionString: database.url });
    await blocker.connect();
    await blocker.query('BEGIN; LOCK TABLE telemetry.log_record IN ACCESS EXCLUSIVE MODE');
    try {
      await expect(open({ timeoutMs: 300 }).search(query(), { limit: 1, order: 'newest' })).rejects.toMatchObject({
        kind: 'timeout',
      });
    } finally {
      await blocker.end();
    }
  });
});

test('a statement ends in Postgres when nobody waits for it any more', async () => {
  const reader = openReader(database.url, 'embedded');
  opened.push(reader);
  const stop = new AbortController();
  const asked = reader.read('SELECT pg_sleep(30)', [], { signal: stop.signal, timeoutMs: 20_000 });
  const running = async () =>
    (await database.query("SELECT FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(30)' AND state = 'active'"))
      .length;
  await until(async () => (await running()) === 1);
  stop.abort();
  await expect(asked).rejects.toThrow(/abort/i);
  await until(async () => (await running()) === 0);
});

test('reads and never writes', async () => {
  const reader = openReader(database.url, 'embedded');
  opened.push(reader);
  await expect(reader.read('DELETE FROM telemetry.log_record', [], { timeoutMs: 1_000 })).rejects.toMatchObject({
    name: 'LogSourceError',
  });
});

test('a tail gives a line that was stored early and committed late', async () => {
  const stop = new AbortController();
  const seen: string[] = [];
  const source = open({ pollMs: 100 });
  const following = (async () => {
    const tail = source.tail(query({ services: ['late'] }), { signal: stop.signal, mostPerSecond: 1_000 });
    for await (const { lines } of tail) seen.push(...lines.map(({ body }) => body));
  })();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const insert = (body: string) => ({
    text: `INSERT INTO telemetry.log_record (id, time_ns, observed_ns, environment, service, severity, body, body_is_json,
        flags, resource_id, attributes, dropped_attributes)
      VALUES (decode(md5($1), 'hex'), $2, $2, 'production', 'late', 9, $1, false, 0, '\\x00', '{}', 0)`,
    values: [body, String(BigInt(Date.now()) * 1_000_000n)],
  });
  const slow = new pg.Client({ connectionString: database.url });
  await slow.connect();
  await slow.query('BEGIN');
  await slow.query(insert('stored first'));
  const quick = new pg.Client({ connectionString: database.url });
  await quick.connect();
  await quick.query(insert('stored second'));
  await until(() => seen.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await slow.query('COMMIT');
  await until(() => seen.length === 2);
  await quick.query(insert('stored third'));
  await until(() => seen.length === 3);
  expect(seen).toEqual(['stored second', 'stored first', 'stored third']);
  stop.abort();
  await following;
  await Promise.all([slow.end(), quick.end()]);
});

describe('when Postgres', () => {
  test('is away', async () => {
    const source = open({ databaseUrl: 'postgresql://nobody:x@127.0.0.1:1/none' });
    await expect(source.search(query(), { limit: 1, order: 'newest' })).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('has no such tables', async () => {
    const url = Object.assign(new URL(database.url), { pathname: '/postgres' }).toString();
    await expect(open({ databaseUrl: url }).search(query(), { limit: 1, order: 'newest' })).rejects.toMatchObject({
      kind: 'garbled',
      detail: expect.stringContaining('migrate'),
    });
  });
});
