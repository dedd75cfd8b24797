import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Client } from 'pg';

const folder = new URL('./migrations/', import.meta.url);
const lockKey = 'quarterdeck.telemetry.migrate';

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/** The receiver's migrations in the order in which they are applied. */
function readMigrations(): Migration[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const sql = readFileSync(new URL(name, folder), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

/**
 * Brings the schema `telemetry` up to date as the owner's role and grants the other roles what they need.
 * Returns the names of the migrations that were applied now; throws when one that landed was edited since.
 */
export async function migrateTelemetry(ownerUrl: string): Promise<string[]> {
  const client = new Client({ connectionString: ownerUrl, application_name: 'quarterdeck-telemetry-migrate' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [lockKey]);
    await client.query('CREATE SCHEMA IF NOT EXISTS telemetry');
    await client.query(
      `CREATE TABLE IF NOT EXISTS telemetry.migration (
         name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
    const landed = await client.query<{ name: string; checksum: string }>(
      'SELECT name, checksum FROM telemetry.migration',
    );
    const known = new Map(landed.rows.map((row) => [row.name, row.checksum]));
    const applied: string[] = [];
    for (const migration of readMigrations()) {
      const checksum = known.get(migration.name);
      if (checksum === migration.checksum) continue;
      if (checksum) throw new Error(`${migration.name} was edited after it landed; write a new migration instead`);
      await apply(client, migration);
      applied.push(migration.name);
    }
    await client.query(readFileSync(new URL('./grants.sql', import.meta.url), 'utf8'));
    return applied;
  } finally {
    await client.end();
  }
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query('INSERT INTO telemetry.migration (name, checksum) VALUES ($1, $2)', [name, checksum]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

if (import.meta.main) {
  const ownerUrl = process.env.DATABASE_OWNER_URL;
  if (!ownerUrl) throw new Error('DATABASE_OWNER_URL is missing: Postgres as the role that owns the schemas');
  const applied = await migrateTelemetry(ownerUrl);
  console.log(applied.length > 0 ? `telemetry: applied ${applied.join(', ')}` : 'telemetry: up to date');
}
