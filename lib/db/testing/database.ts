import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { forget } from '#lib/core/registry.ts';
import { migrate } from '../../../prisma/migrate.ts';
import { disconnect } from '../client.ts';

const root = join(import.meta.dirname, '../../..');

/** A name that changes whenever a migration does: a server may live longer than a template is right. */
function templateName(): string {
  const hash = createHash('sha256');
  for (const folder of ['prisma', 'lib/receiver']) {
    for (const path of (readdirSync(join(root, folder), { recursive: true }) as string[]).sort()) {
      const file = join(root, folder, path);
      if (path.endsWith('.sql') && statSync(file).isFile()) hash.update(path).update(readFileSync(file));
    }
  }
  return `quarterdeck_template_${hash.digest('hex').slice(0, 12)}`;
}

const template = templateName();
const templateLock = 7_216_002;

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

function serverUrl(): string {
  const url = process.env.TEST_DATABASE_URL;
  if (!url) throw new Error('TEST_DATABASE_URL is missing: run this by `npm run test:integration`.');
  return url;
}

function urlOf(name: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  return url.toString();
}

async function admin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A database of one test file: a copy of a template that is migrated once per run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await admin(async (client) => {
    await client.query('select pg_advisory_lock($1)', [templateLock]);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [template]);
    if (!rowCount) {
      await client.query(`drop database if exists ${template}_making with (force)`);
      await client.query(`create database ${template}_making`);
      await migrate(urlOf(`${template}_making`));
      await client.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
        [`${template}_making`],
      );
      await client.query(`alter database ${template}_making rename to ${template}`);
    }
    await client.query(`create database ${name} template ${template}`);
  });
  return {
    url: urlOf(name),
    drop: () => admin(async (client) => void (await client.query(`drop database ${name} with (force)`))),
  };
}

/** Points the process's client at a database of this file's own; call the result when the file is done. */
export async function useTestDatabase(settings: Record<string, string> = {}): Promise<() => Promise<void>> {
  const database = await createTestDatabase();
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    QD_SECRET: 'a secret of tests, 32 characters',
    ...settings,
  });
  for (const name of ['config', 'db', 'api', 'openapi', 'shared-answers', 'auth-recent']) forget(name);
  return async () => {
    await disconnect();
    await database.drop();
  };
}
