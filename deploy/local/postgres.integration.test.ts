import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isRoot, reachableDataFolder, temporaryRoot, unprivilegedAccount } from './folders.ts';
import { createTestPostgres, type RunningPostgres, startPostgres } from './postgres.ts';
import { describeExit } from './process/child.ts';

let folder: string;
let running: RunningPostgres | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(temporaryRoot(unprivilegedAccount()), 'quarterdeck-pg-test-'));
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
  for (const used of [folder, reachableDataFolder(options().dataDir, unprivilegedAccount())]) {
    rmSync(used, { recursive: true, force: true });
  }
});

const options = () => ({ dataDir: join(folder, 'data'), password: 'a p@ss:w/rd' });

async function query<T>(url: string, sql: string): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
}

describe('the embedded Postgres', () => {
  test('answers in UTC and UTF-8 on the loopback address, and not without its password', async () => {
    running = await startPostgres(options());
    const [row] = await query<Record<string, string>>(
      running.url,
      "select current_setting('TimeZone') zone, current_setting('server_encoding') encoding, current_setting('listen_addresses') listens",
    );
    expect(row).toEqual({ zone: 'UTC', encoding: 'UTF8', listens: '127.0.0.1' });
    const stranger = Object.assign(new URL(running.url), { password: 'wrong' }).toString();
    await expect(query(stranger, 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  test.runIf(isRoot)(
    'runs as an unprivileged user that owns its folder, also below one that it cannot pass',
    async () => {
      running = await startPostgres(options());
      const account = unprivilegedAccount();
      expect(statSync(running.dataDir).uid).toBe(account?.uid);
      expect(statSync(`/proc/${running.child.pid}`).uid).toBe(account?.uid);
      // The folder was made with mode 700.
      expect(running.dataDir.startsWith(folder)).toBe(false);
      rmSync(join(running.dataDir, '..'), { recursive: true, force: true });
    },
  );

  test('finds its data again after being killed in the middle of work, in spite of what it left', async () => {
    const first = await startPostgres(options());
    await query(first.url, 'create table kept (word text)');
    await query(first.url, "insert into kept values ('still here')");
    first.child.kill('SIGKILL');
    expect(describeExit(await first.child.exited)).toBe('ended by SIGKILL');
    // A pid that meanwhile belongs to a living stranger must not stop it.
    const pidFile = join(first.dataDir, 'postmaster.pid');
    writeFileSync(pidFile, `${process.pid}\n${first.dataDir}\n1\n1\n\n127.0.0.1\n`);
    running = await startPostgres(options());
    expect(await query(running.url, 'select word from kept')).toEqual([{ word: 'still here' }]);
  });

  test('ends a server that a dead owner left running on the folder', async () => {
    const first = await startPostgres(options());
    await query(first.url, 'create table kept ()');
    running = await startPostgres(options());
    expect((await first.child.exited).code).toBe(0);
    expect(await query(running.url, 'select * from kept')).toEqual([]);
  });

  test('says in words that a password and a folder do not belong together', async () => {
    const first = await startPostgres(options());
    await first.stop();
    await expect(startPostgres({ ...options(), password: 'another' })).rejects.toThrow(/Start with --reset/);
  });

  test('gives a test a database of its own', async () => {
    const server = await createTestPostgres();
    const url = await server.createDatabase('mine');
    await query(url, 'create table seen ()');
    const copy = await server.createDatabase('copy', 'mine');
    expect(await query(copy, 'select * from seen')).toEqual([]);
    await expect(server.createDatabase('no; drop')).rejects.toThrow(/no plain database name/);
    await server.stop();
  });
});
