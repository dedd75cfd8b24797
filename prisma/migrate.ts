import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { migrateTelemetry } from '#lib/receiver/migrate.ts';
import { applyMigrations } from './engine.ts';

// Any two processes that migrate the same database wait for each other here.
const advisoryLock = 7_216_001;

/**
 * Brings a database to the newest schema and grants the processes' roles their rights. Forward only; returns the
 * names of the migrations that were applied. Runs as the owner of the database.
 */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [advisoryLock]);
    const applied = await applyMigrations(ownerUrl);
    await migrateTelemetry(ownerUrl);
    await client.query(readFileSync(join(import.meta.dirname, 'grants.sql'), 'utf8'));
    return applied;
  } finally {
    await client.end();
  }
}

if (import.meta.main) {
  const url = process.env.DATABASE_OWNER_URL ?? process.env.DATABASE_URL;
  if (!url) {
    process.stderr.write(
      'DATABASE_OWNER_URL (or DATABASE_URL) is missing: a postgresql:// address of the owner role.\n',
    );
    process.exit(2);
  }
  try {
    const applied = await migrate(url);
    process.stdout.write(applied.length > 0 ? `Applied ${applied.join(', ')}.\n` : 'The database is up to date.\n');
    process.exit(0);
  } catch (error) {
    process.stderr.write(`Migrating failed: ${(error as Error).message}\n`);
    process.exit(1);
  }
}
