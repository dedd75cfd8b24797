import { randomBytes } from 'node:crypto';
import { Client, type QueryResultRow } from 'pg';
import { pino } from 'pino';
import type { ReceiverConfig } from '../config.ts';
import { migrateTelemetry } from '../migrate.ts';
import { type Receiver, startReceiver } from '../receiver.ts';

export interface TestDatabase {
  /** As superuser. */
  url: string;
  query<Row extends QueryResultRow = QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** A migrated database of its own on the server of the test run. */
export async function createTelemetryDatabase(serverUrl = process.env.TEST_DATABASE_URL): Promise<TestDatabase> {
  if (!serverUrl) throw new Error('TEST_DATABASE_URL is missing');
  const name = `receiver_${randomBytes(6).toString('hex')}`;
  await once(serverUrl, `CREATE DATABASE ${name}`);
  const url = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).toString();
  await migrateTelemetry(url);
  return {
    url,
    query: (sql, values) => once(url, sql, values),
    async drop() {
      await once(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function once<Row extends QueryResultRow>(url: string, sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** A receiver inside the test's process on a free port, ready unless `untilReady` is false. */
export async function startTestReceiver(
  databaseUrl: string,
  { untilReady = true, ...overrides }: Partial<ReceiverConfig> & { untilReady?: boolean } = {},
): Promise<Receiver> {
  const config: ReceiverConfig = {
    databaseUrl,
    host: '127.0.0.1',
    port: 0,
    token: undefined,
    retentionHours: 24,
    retentionBytes: 2 * 1024 ** 3,
    keepSpansPerSecond: 1_000_000,
    slowMs: 1_000,
    decisionSeconds: 10,
    maxBodyBytes: 20 * 1024 ** 2,
    maxQueueBytes: 32 * 1024 ** 2,
    ...overrides,
  };
  const receiver = await startReceiver(config, pino({ level: 'silent' }));
  if (untilReady) await until(async () => (await fetch(`${receiver.url}/readyz`)).status === 200);
  return receiver;
}

/** Waits until something holds; 15 s at most. */
export async function until(holds: () => Promise<boolean> | boolean, timeoutMs = 15_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('did not come to hold in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
