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
  undecided: UndecidedRow[];
  /** Ids of undecided rows that are to go. */
  decided: string[];
  sampling: SamplingCount[];
}

/** Spans that are acknowledged but not decided on, or traces that are to be kept. */
export interface UndecidedRow {
  id: string;
  ratio: number;
  /** Packed spans; may be empty. */
  spans: Buffer;
  /** Trace ids of 16 bytes each. */
  promoted: Buffer;
}

export type UndecidedSpans = Pick<UndecidedRow, 'id' | 'ratio' | 'spans'> & { receivedAt: Date };

/** Spans that arrived in a minute since 1970, those of them that are kept, and the ratio in force. */
export interface SamplingCount {
  minute: number;
  received: number;
  kept: number;
  ratio: number;
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
  /** Forgets the counts of minutes before this one. */
  forgetSampling(beforeMinute: number): Promise<void>;
  /** Which traces were to be kept, from `telemetry.undecided`. */
  promotions(): Promise<Pick<UndecidedRow, 'id' | 'promoted'>[]>;
  /** The spans in `telemetry.undecided`, oldest first, a few rows at a time. */
  undecidedSpans(): AsyncIterable<UndecidedSpans[]>;
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

const insertUndecided = `
  INSERT INTO telemetry.undecided (id, ratio, spans, promoted) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`;
const upsertSampling = `
  INSERT INTO telemetry.sampling AS known (minute, received, kept, least_ratio)
  SELECT minute, sum(received), sum(kept), min(ratio)
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::real[]) AS given (minute, received, kept, ratio)
  GROUP BY minute ORDER BY minute
  ON CONFLICT (minute) DO UPDATE SET received = known.received + excluded.received,
    kept = known.kept + excluded.kept, least_ratio = least(known.least_ratio, excluded.least_ratio)`;
const mostRowsPerStatement = 5_000;
const undecidedAtOnce = 20;
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
        const repeated = batch.pieces.traces.reduce((sum, { rows }) => sum + rows, 0) - added.traces;
        await recordSampling(client, batch, repeated);
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
    async forgetSampling(beforeMinute) {
      await pool.query('DELETE FROM telemetry.sampling WHERE minute < $1', [beforeMinute]);
    },
    async promotions() {
      const { rows } = await pool.query<Pick<UndecidedRow, 'id' | 'promoted'>>(
        "SELECT id, promoted FROM telemetry.undecided WHERE promoted <> ''",
      );
      return rows;
    },
    async *undecidedSpans() {
      const { rows } = await pool.query<{ id: string }>(
        "SELECT id FROM telemetry.undecided WHERE spans <> '' ORDER BY received_at",
      );
      for (let from = 0; from < rows.length; from += undecidedAtOnce) {
        const ids = rows.slice(from, from + undecidedAtOnce).map(({ id }) => id);
        const chunk = await pool.query<UndecidedSpans>(
          `SELECT id, ratio, spans, received_at AS "receivedAt" FROM telemetry.undecided
           WHERE id = ANY($1::uuid[]) ORDER BY received_at`,
          [ids],
        );
        yield chunk.rows;
      }
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

/** What was there already arrived and was counted before; it is taken off the newest minute. */
async function recordSampling(client: PoolClient, batch: Batch, repeated: number): Promise<void> {
  for (const { id, ratio, spans, promoted } of batch.undecided) {
    await client.query(insertUndecided, [id, ratio, spans, promoted]);
  }
  if (batch.decided.length > 0) {
    await client.query('DELETE FROM telemetry.undecided WHERE id = ANY($1::uuid[])', [batch.decided]);
  }
  const counts = batch.sampling.map((count) => ({ ...count }));
  for (let index = counts.length - 1, left = repeated; index >= 0 && left > 0; index--) {
    const count = counts[index] as SamplingCount;
    const off = Math.min(left, count.kept);
    count.kept -= off;
    count.received -= Math.min(off, count.received);
    left -= off;
  }
  if (counts.length === 0) return;
  await client.query(upsertSampling, [
    counts.map(({ minute }) => minute),
    counts.map(({ received }) => received),
    counts.map(({ kept }) => kept),
    counts.map(({ ratio }) => ratio),
  ]);
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
  client.on('error', ignore);
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
    client.off('error', ignore);
    client.release(broken);
  }
}

/** A connection that breaks while it is used rejects its statement; unheard, the event would end the process. */
function ignore(): void {}

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
