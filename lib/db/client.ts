import { PrismaPg } from '@prisma/adapter-pg';
import { config } from '#lib/core/config.ts';
import { AppError } from '#lib/core/errors.ts';
import { forget, once } from '#lib/core/registry.ts';
import { type Prisma, PrismaClient } from './generated/client.ts';

export type Database = PrismaClient;
export type Transaction = Prisma.TransactionClient;

const connectTimeoutMs = 3_000;
const statementTimeoutMs = 15_000;

/** A client of one database with its own pool of at most `poolSize` connections. */
export function connect(databaseUrl: string, poolSize: number): Database {
  const adapter = new PrismaPg({
    connectionString: databaseUrl,
    max: poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeoutMs,
    keepAlive: true,
  });
  return new PrismaClient({ adapter, errorFormat: 'minimal' });
}

/** The process's client. */
export function db(): Database {
  return once('db', () => connect(config().DATABASE_URL, config().DATABASE_POOL_SIZE));
}

/** Closes the process's pool. */
export async function disconnect(): Promise<void> {
  const client = db();
  forget('db');
  await client.$disconnect();
}

/** Runs `work` in one transaction: all of it is kept, or nothing. */
export async function withTransaction<T>(work: (tx: Transaction) => Promise<T>, client: Database = db()): Promise<T> {
  return client.$transaction(work, { maxWait: connectTimeoutMs, timeout: statementTimeoutMs });
}

const unavailable = new Set(['P1000', 'P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2037']);
const unreachable =
  /ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT|timeout exceeded when trying to connect|Connection terminated|terminating connection|the database system is|Can't reach database|DatabaseNotReachable|SocketTimeout|ConnectionClosed/i;

/** Whether an error says that Postgres is away, rather than that a statement is wrong. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && (unavailable.has(code) || /^(08|57P)/.test(code))) return true;
  return unreachable.test(`${error.name} ${error.message} ${String(code ?? '')}`) || isUnavailable(error.cause);
}

/** The error that a person gets when Postgres is away. */
export function databaseUnavailable(cause: unknown): AppError {
  return new AppError('database.unavailable', 'Postgres does not answer; nothing was changed. Try again in a moment.', {
    cause,
    retryAfterSeconds: 5,
  });
}

/** Whether a write failed because a unique value exists already. */
export function isUniqueViolation(error: unknown): boolean {
  const code = (error as { code?: string } | null)?.code;
  return code === 'P2002' || code === '23505' || (code === 'P2010' && /23505/.test(String((error as Error).message)));
}
