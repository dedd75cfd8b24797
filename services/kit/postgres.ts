import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PoolClient } from 'pg';
import { Gauge } from 'prom-client';
import type { Dependency } from './health.ts';
import { instrumented } from './instrumented.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';

export type { Pool, PoolClient } from 'pg';

type Pool = import('pg').Pool;

/** What queries run on: a pool, or a client within a transaction. */
export type Queryable = Pick<PoolClient, 'query'>;

export interface PoolOptions {
  readonly url: string;
  /** The schema that unqualified names mean. */
  readonly schema: string;
  readonly service: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly max?: number;
}

const pg = instrumented<typeof import('pg')>('pg');

/** A pool with timeouts everywhere, so that a database that hangs costs seconds and not the service. */
export function createPool({ url, schema, service, log, metrics, max = 10 }: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: 2_000,
    idleTimeoutMillis: 30_000,
    query_timeout: 8_000,
    statement_timeout: 5_000,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    application_name: service,
    options: `-c search_path=${schema}`,
  });
  // A connection that breaks between two queries of a transaction tells so by an event, which would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  pool.on('error', (error) => log.warn({ err: error }, 'an idle connection to Postgres was lost'));
  new Gauge({
    name: 'db_client_connection_count',
    help: 'Connections to the database by state.',
    labelNames: ['state'],
    registers: [metrics],
    collect() {
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'used' }, pool.totalCount - pool.idleCount);
    },
  });
  new Gauge({
    name: 'db_client_connection_pending_requests',
    help: 'Queries that wait for a connection.',
    registers: [metrics],
    collect() {
      this.set(pool.waitingCount);
    },
  });
  return pool;
}

export function postgresDependency(pool: Pool): Dependency {
  return {
    name: 'postgres',
    check: async () => {
      await pool.query('SELECT 1');
    },
  };
}

/** Runs `fn` in a transaction: committed when it resolves, rolled back when it rejects. */
export async function withTransaction<T>(pool: Pool, fn: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query('BEGIN');
    const result = await fn(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

// One number for all services: schemas are made one after another, which costs nothing and needs no table of locks.
const MIGRATION_LOCK = 7_155_201_994;

/**
 * Applies the `.sql` files of `directory` that the schema has not had yet, in order of their names and each in a
 * transaction; replicas that start together wait for one another. Throws when an applied file was changed.
 */
export async function migrate(pool: Pool, schema: string, directory: string, log: Logger): Promise<void> {
  const files = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  const client = await pool.connect();
  try {
    await client.query('SET statement_timeout = 60000');
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    // CREATE SCHEMA IF NOT EXISTS asks for the right to create one even where it exists.
    const { rowCount } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
    if (!rowCount) await client.query(`CREATE SCHEMA ${client.escapeIdentifier(schema)}`);
    await client.query(
      'CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const { rows } = await client.query<{ name: string; checksum: string }>('SELECT name, checksum FROM migrations');
    const applied = new Map(rows.map((row) => [row.name, row.checksum]));
    for (const name of files) {
      const sql = await readFile(join(directory, name), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      const known = applied.get(name);
      if (known === checksum) continue;
      if (known) throw new Error(`migration ${name} was changed after it had been applied; add a new one instead`);
      await client.query('BEGIN');
      try {
        await client.query(sql);
        await client.query('INSERT INTO migrations (name, checksum) VALUES ($1, $2)', [name, checksum]);
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      }
      log.info({ migration: name }, `applied ${name}`);
    }
  } finally {
    // Destroyed rather than returned: that frees the lock and the session's settings whatever happened.
    client.release(true);
  }
}
