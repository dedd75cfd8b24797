import pg from 'pg';
import { LogSourceError } from '../errors.ts';
import type { CallOptions } from '../port.ts';

const connections = 6;
const connectTimeoutMs = 3_000;

export interface Ask extends CallOptions {
  timeoutMs: number;
}

export interface Reader {
  /** Runs one statement in a transaction that may only read. Rejects with `LogSourceError`. */
  read<Row extends pg.QueryResultRow>(text: string, values: unknown[], ask: Ask): Promise<Row[]>;
  close(): Promise<void>;
}

/**
 * Connections of their own for reading logs: a search that takes long must not keep sign-in waiting. Limits are set
 * in the transaction, so that it works through a pooler as well.
 */
export function openReader(databaseUrl: string, sourceId: string): Reader {
  const options = {
    connectionString: databaseUrl,
    application_name: 'quarterdeck-logs',
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  };
  const pool = new pg.Pool({ ...options, max: connections });
  const cancelling = new pg.Pool({ ...options, max: 1 });
  // Connections that break while idle are replaced; there is nobody to tell.
  for (const one of [pool, cancelling]) one.on('error', () => {});

  return {
    async read<Row extends pg.QueryResultRow>(text: string, values: unknown[], { signal, timeoutMs }: Ask) {
      signal?.throwIfAborted();
      const client = await pool.connect().catch((cause: unknown) => {
        throw readError(cause, sourceId, timeoutMs);
      });
      client.on('error', ignore);
      let broken = false;
      let settled = false;
      let stop = () => {};
      try {
        const began = await client.query(
          `BEGIN READ ONLY; SET LOCAL statement_timeout = ${Math.ceil(timeoutMs)}; SET LOCAL jit = off; SELECT pg_backend_pid() AS pid`,
        );
        const last = Array.isArray(began) ? began.at(-1) : began;
        const { pid } = last.rows[0] as { pid: number };
        stop = () => {
          if (!settled) void cancelling.query('SELECT pg_cancel_backend($1)', [pid]).catch(() => undefined);
        };
        signal?.addEventListener('abort', stop, { once: true });
        const { rows } = await client.query<Row>({ text, values });
        settled = true;
        await client.query('COMMIT');
        return rows;
      } catch (cause) {
        settled = true;
        await client.query('ROLLBACK').catch(() => {
          broken = true;
        });
        signal?.throwIfAborted();
        throw readError(cause, sourceId, timeoutMs);
      } finally {
        signal?.removeEventListener('abort', stop);
        client.off('error', ignore);
        client.release(broken);
      }
    },
    async close() {
      await Promise.all([pool.end(), cancelling.end()]);
    },
  };
}

/** A connection that breaks while it is used rejects its statement; unheard, the event would end the process. */
function ignore(): void {}

function readError(cause: unknown, sourceId: string, timeoutMs: number): LogSourceError {
  const { code = '' } = cause as { code?: string };
  const say = (kind: LogSourceError['kind'], detail: string) => new LogSourceError(sourceId, kind, detail, { cause });
  if (code === '57014') return say('timeout', `Postgres gave no answer within ${Math.round(timeoutMs / 100) / 10} s.`);
  if (/^(42501|28)/.test(code)) return say('refused', 'Postgres does not let this role read the logs.');
  if (/^(42P01|3F000|42703)$/.test(code)) {
    return say('garbled', 'The tables of logs are not there as expected: migrate the schema telemetry.');
  }
  if (/^(22|42)/.test(code)) return say('bad_query', 'Postgres cannot search for this.');
  return say('unreachable', 'Postgres does not answer.');
}
