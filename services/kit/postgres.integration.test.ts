import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createPool, migrate, type Pool, postgresDependency, withTransaction } from './postgres.ts';
import { createTestDatabase, type TestDatabase, withoutPostgres } from './testing/database.ts';

const log = createLogger({ service: 'test', write: () => {} });

describe.skipIf(withoutPostgres)(`postgres${withoutPostgres ? ` (${withoutPostgres})` : ''}`, () => {
  let database: TestDatabase;
  let directory: string;
  const pools: Pool[] = [];
  const pool = () => {
    const url = database.urlFor('order');
    const made = createPool({ url, schema: 'order', service: 'test', log, metrics: createMetrics({ process: false }) });
    pools.push(made);
    return made;
  };

  beforeAll(async () => {
    database = await createTestDatabase(['order']);
    directory = await mkdtemp(join(tmpdir(), 'fleet-migrations-'));
    await writeFile(join(directory, '0001_a.sql'), 'CREATE TABLE a (n integer PRIMARY KEY);');
    await writeFile(join(directory, '0002_b.sql'), 'INSERT INTO a VALUES (1);');
  });
  afterAll(async () => {
    await Promise.all(pools.map((each) => each.end()));
    await database.drop();
    await rm(directory, { recursive: true });
  });

  it('migrates once, however many replicas start together', async () => {
    await Promise.all([pool(), pool(), pool()].map((each) => migrate(each, 'order', directory, log)));
    const { rows } = await pool().query('SELECT n FROM a');
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('refuses a migration that was changed after it had been applied, and leaves one that fails undone', async () => {
    await writeFile(join(directory, '0003_c.sql'), 'INSERT INTO a VALUES (2); INSERT INTO a VALUES (1);');
    await expect(migrate(pool(), 'order', directory, log)).rejects.toThrow('duplicate key');
    await rm(join(directory, '0003_c.sql'));
    await writeFile(join(directory, '0002_b.sql'), 'INSERT INTO a VALUES (3);');
    await expect(migrate(pool(), 'order', directory, log)).rejects.toThrow('0002_b.sql was changed');
    expect((await pool().query('SELECT n FROM a')).rows).toEqual([{ n: 1 }]);
  });

  it('rolls back what a transaction did before its error', async () => {
    const each = pool();
    const failing = withTransaction(each, async (client) => {
      await client.query('INSERT INTO a VALUES (9)');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect((await each.query('SELECT n FROM a WHERE n = 9')).rowCount).toBe(0);
  });

  it('survives a connection that breaks between two queries of a transaction', async () => {
    const each = pool();
    const failing = withTransaction(each, async (client) => {
      const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
      const admin = new pg.Client({ connectionString: database.adminUrl });
      await admin.connect();
      await admin.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
      await admin.end();
      await new Promise((resolve) => setTimeout(resolve, 100));
      await client.query('INSERT INTO a VALUES (8)');
    });
    await expect(failing).rejects.toThrow();
    expect((await each.query('SELECT n FROM a WHERE n = 8')).rowCount).toBe(0);
  });

  it('says when the database cannot be reached', async () => {
    const url = new URL(database.urlFor('order'));
    url.port = '1';
    const metrics = createMetrics({ process: false });
    const away = createPool({ url: url.toString(), schema: 'order', service: 'test', log, metrics });
    await expect(postgresDependency(away).check()).rejects.toThrow(/ECONNREFUSED/);
    await away.end();
  });
});
