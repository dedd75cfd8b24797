import { Pool, type PoolClient, type QueryResultRow } from 'pg';
import { config } from '#lib/core/config.ts';
import { once } from '#lib/core/registry.ts';
import { isUnavailable } from '#lib/db/errors.ts';
import { TraceSourceError, type TraceSourceErrorKind } from '../errors.ts';

export interface QueryLimits {
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

const pools = () => once('traces.pools', () => new Map<string, Pool>());

/** Searches read much and may take seconds: a few connections of their own keep them from starving the screens. */
function pool(): Pool {
  const connectionString = config().DATABASE_URL;
  let found = pools().get(connectionString);
  if (!found) {
    found = new Pool({
      connectionString,
      application_name: 'quarterdeck-traces',
      max: 4,
      connectionTimeoutMillis: 3_000,
      idleTimeoutMillis: 30_000,
      allowExitOnIdle: true,
      keepAlive: true,
    });
    // A connection that breaks while idle is replaced when it is needed.
    found.on('error', () => {});
    pools().set(connectionString, found);
  }
  return found;
}

/**
 * Runs one statement that only reads, within its time. Whoever gives up takes the connection down with them, and the
 * server notices within a second. Rejects with `TraceSourceError`.
 */
export async function read<Row extends QueryResultRow>(
  sourceId: string,
  text: string,
  values: readonly unknown[],
  { timeoutMs, signal }: QueryLimits,
): Promise<Row[]> {
  let client: PoolClient | undefined;
  let broken: Error | undefined;
  const giveUp = () => {
    broken = new Error('given up');
    client?.release(broken);
    client = undefined;
  };
  try {
    signal?.throwIfAborted();
    client = await pool().connect();
    client.on('error', ignore);
    signal?.addEventListener('abort', giveUp, { once: true });
    signal?.throwIfAborted();
    await client.query(
      `BEGIN READ ONLY; SET LOCAL statement_timeout = ${Math.max(1, Math.round(timeoutMs))};` +
        'SET LOCAL jit = off; SET LOCAL client_connection_check_interval = 1000',
    );
    const { rows } = await client.query<Row>(text, [...values]);
    await client.query('COMMIT');
    return rows;
  } catch (error) {
    await client?.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    throw asSourceError(sourceId, error, signal);
  } finally {
    signal?.removeEventListener('abort', giveUp);
    client?.off('error', ignore);
    client?.release(broken);
  }
}

function ignore(): void {}

function asSourceError(sourceId: string, error: unknown, signal: AbortSignal | undefined): unknown {
  const say = (kind: TraceSourceErrorKind, detail: string) =>
    new TraceSourceError(sourceId, kind, detail, { cause: error });
  if (signal?.aborted) return say('timeout', 'The question was given up before the answer came.');
  if (isUnavailable(error)) return say('unreachable', 'Postgres does not answer.');
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) return error;
  if (code === '57014') return say('timeout', 'Postgres took too long, so it was given up. Ask for a shorter time.');
  if (code === '42501') return say('refused', 'The role of this process may not read the tables of the receiver.');
  if (code === '42P01' || code === '3F000' || code === '42883' || code === '42703') {
    return say('refused', 'The tables of the receiver are not there, or not up to date.');
  }
  return say('garbled', `Postgres could not answer (${code}).`);
}
