import { Pool, type PoolClient } from 'pg';
import type { Columns } from './decode/columns.ts';
import type { Signal } from './decode/levels.ts';
import { logColumns } from './decode/logs.ts';
import type { ResourceRow } from './decode/resource.ts';
import { spanColumns } from './decode/spans.ts';

/** What one transaction stores. */
export interface Batch {
  resources: ResourceRow[];
  hours: number[];
  pieces: Record<Signal, Columns[]>;
}

export interface Partition {
  hour: number;
  bytes: number;
}

export interface Store {
  /** Stores all of it or nothing; returns how many rows were new, per signal. */
  insert(batch: Batch): Promise<Record<Signal, number>>;
  /** Makes the partitions of these hours unless it is known that they exist. */
  ensurePartitions(hours: Iterable<number>): Promise<void>;
  /** After another process dropped partitions, or the store was reset. */
  forgetPartitions(): void;
  /** Newest first. */
  partitions(): Promise<Partition[]>;
  dropPartition(hour: number): Promise<void>;
  forgetResources(olderThan: Date): Promise<number>;
  /** Rejects when Postgres is away, or is not migrated, or does not let the role write. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

const targets: Record<Signal, { table: string; columns: readonly (readonly [string, string])[] }> = {
  traces: { table: 'telemetry.span', columns: spanColumns },
  logs: { table: 'telemetry.log_record', columns: logColumns },
};

function insertSql({ table, columns }: (typeof targets)[Signal]): string {
  const names = columns.map(([name]) => name).join(', ');
  const arrays = columns.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ');
  return `INSERT INTO ${table} (${names}) SELECT * FROM unnest(${arrays}) ON CONFLICT DO NOTHING`;
}

const inserts: Record<Signal, string> = { traces: insertSql(targets.traces), logs: insertSql(targets.logs) };

const mostRowsPerStatement = 5_000;
const upsertResources = `
  INSERT INTO telemetry.resource (id, environment, service, attributes)
  SELECT DISTINCT ON (id) * FROM unnest($1::bytea[], $2::text[], $3::text[], $4::jsonb[]) AS given (id, e, s, a)
  ON CONFLICT (id) DO UPDATE SET last_seen = now()`;

/** The embedded store in Postgres, as the receiver's role. `onError` hears of connections that break while idle. */
export function openStore(databaseUrl: string, onError: (error: Error) => void): Store {
  const pool = new Pool({
    connectionString: databaseUrl,
    application_name: 'quarterdeck-receiver',
    max: 3,
    connectionTimeoutMillis: 3_000,
    statement_timeout: 20_000,
    query_timeout: 25_000,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
  });
  pool.on('error', onError);
  const knownPartitions = new Set<number>();

  return {
    insert: (batch) =>
      inTransaction(pool, async (client) => {
        if (batch.resources.length > 0) {
          const { resources } = batch;
          await client.query(upsertResources, [
            resources.map(({ id }) => `\\x${id}`),
            resources.map(({ environment }) => environment),
            resources.map(({ service }) => service),
            resources.map(({ attributes }) => attributes),
          ]);
        }
        const added = { traces: 0, logs: 0 };
        for (const signal of ['traces', 'logs'] as const) {
          for (const columns of joined(batch.pieces[signal])) {
            const result = await client.query(inserts[signal], columns);
            added[signal] += result.rowCount ?? 0;
          }
        }
        return added;
      }),
    async ensurePartitions(hours) {
      for (const hour of hours) {
        if (knownPartitions.has(hour)) continue;
        await pool.query('SELECT telemetry.ensure_partition($1)', [hour]);
        knownPartitions.add(hour);
      }
    },
    async partitions() {
      const { rows } = await pool.query<{ hour: string; bytes: string }>(
        'SELECT hour, bytes FROM telemetry.partitions()',
      );
      return rows.map(({ hour, bytes }) => ({ hour: Number(hour), bytes: Number(bytes) }));
    },
    forgetPartitions: () => knownPartitions.clear(),
    async dropPartition(hour) {
      knownPartitions.delete(hour);
      await pool.query('SELECT telemetry.drop_partition($1)', [hour]);
    },
    async forgetResources(olderThan) {
      const { rowCount } = await pool.query('DELETE FROM telemetry.resource WHERE last_seen < $1', [olderThan]);
      return rowCount ?? 0;
    },
    async ping() {
      const { rows } = await pool.query<{ may: boolean }>(
        "SELECT has_table_privilege('telemetry.span', 'INSERT') AS may",
      );
      if (!rows[0]?.may) throw new Error('the role of the receiver may not write to telemetry.span');
    },
    close: () => pool.end(),
  };
}

/** Joins pieces into the parameters of statements of a bounded number of rows. */
function* joined(pieces: Columns[]): Iterable<string[]> {
  for (let from = 0, to = 0; from < pieces.length; from = to) {
    let rows = 0;
    for (; to < pieces.length && (rows === 0 || rows < mostRowsPerStatement); to++) rows += pieces[to]?.rows ?? 0;
    const group = pieces.slice(from, to);
    yield (group[0]?.columns ?? []).map((_, index) => `{${group.map(({ columns }) => columns[index]).join()}}`);
  }
}

async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Whether storing failed because of what was to be stored, so that trying again cannot help. */
export function isDataError(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && (/^(22|23)...$/.test(code) || code === '54000');
}

/** Whether a partition was missing: another process dropped it, or the store was reset. */
export function isMissingPartition(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: string };
  return code === '23514' && /no partition of relation/.test(message ?? '');
}
