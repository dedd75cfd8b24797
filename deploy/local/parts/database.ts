import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureConsoleDatabase, ensureFleetDatabase, untilDatabaseAnswers } from '../databases.ts';
import { repositoryRoot } from '../folders.ts';
import { generateClient } from '../prepare.ts';
import { runTool } from '../process/run-tool.ts';
import { demoAccounts } from '../secrets.ts';
import type { Part } from '../stack/part.ts';
import { nodeEnvironment } from '../stack/service.ts';
import type { Stack } from '../stack/stack.ts';

async function runScript(stack: Stack, script: string, env: Record<string, string>): Promise<string[]> {
  const file = join(repositoryRoot, script);
  if (!existsSync(file)) throw new Error(`${script} is missing from this copy of the repository.`);
  return runTool({
    name: script,
    command: process.execPath,
    args: [file],
    cwd: repositoryRoot,
    env: { ...nodeEnvironment(stack), DATABASE_OWNER_URL: stack.urls.owner, DATABASE_URL: stack.urls.owner, ...env },
    logFile: stack.data.at('logs', 'migrations.log'),
    timeoutMs: 120_000,
  });
}

/** Brings the databases to the newest schema; the demo's accounts are made only in the embedded Postgres. */
export const database: Part = {
  name: 'migrations',
  title: 'Migrations',
  description: 'Databases, roles, schema, and the accounts of the demo.',
  after: ['postgres'],
  start: async (stack) => {
    const { external, urls, secrets } = stack;
    if (external.databaseUrl) await untilDatabaseAnswers(urls.owner, 10_000);
    await Promise.all([
      generateClient(),
      external.databaseUrl ? undefined : ensureConsoleDatabase(urls.superuser, secrets),
    ]);
    await ensureFleetDatabase(urls.fleetAdmin, secrets);
    await runScript(stack, 'prisma/migrate.ts', {});
    if (external.databaseUrl) return { kind: 'done', origin: 'schema is current; no demo accounts (DATABASE_URL)' };
    await runScript(stack, 'prisma/seed.ts', {
      QD_DEMO_ACCOUNTS: JSON.stringify(demoAccounts(secrets)),
      QD_DEMO_TOKENS: JSON.stringify(secrets.tokens),
    });
    return { kind: 'done', origin: 'schema is current; four accounts' };
  },
};
