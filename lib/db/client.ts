import { PrismaPg } from '@prisma/adapter-pg';
import { config } from '#lib/core/config.ts';
import { forget, once } from '#lib/core/registry.ts';
import { type Prisma, PrismaClient } from './generated/client.ts';

export type Database = PrismaClient;
export type Transaction = Prisma.TransactionClient;

const connectTimeoutMs = 3_000;
const statementTimeoutMs = 15_000;
// Longer than the server's own limits: it is for a server that does not answer at all.
const silenceMs = 18_000;

/** A client of one database with its own pool of at most `poolSize` connections. */
export function connect(databaseUrl: string, poolSize: number): Database {
  const adapter = new PrismaPg({
    connectionString: databaseUrl,
    max: poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeoutMs,
    // No transaction stays open while its process stands still: the audit chain relies on that.
    idle_in_transaction_session_timeout: statementTimeoutMs,
    query_timeout: silenceMs,
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
