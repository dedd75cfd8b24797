import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Account, ownFolder, reachableDataFolder, temporaryRoot, unprivilegedAccount } from './folders.ts';
import { choosePort, releasePort } from './ports.ts';
import { type PostgresBinaries, stagePostgres } from './postgres/binaries.ts';
import { clearLeftoverPostmaster } from './postgres/leftover.ts';
import { type Child, type ChildSpec, describeExit, startChild } from './process/child.ts';
import { guardian } from './process/guardian.ts';
import { runTool } from './process/run-tool.ts';
import { sleep } from './process/signal.ts';

export type PostgresOptions = {
  /** Folder of the cluster; made on first use. Ephemeral servers get a temporary one. */
  dataDir?: string;
  port?: number;
  /** Password of the superuser `postgres`; it must be the one that the cluster was made with. */
  password?: string;
  /** Nothing is kept and nothing is flushed: for tests. */
  ephemeral?: boolean;
  logFile?: string;
};

export type RunningPostgres = {
  /** As superuser, on the database `postgres`. */
  url: string;
  port: number;
  version: string;
  dataDir: string;
  child: Child;
  stop(): Promise<void>;
};

const settings = {
  always: {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    max_connections: '200',
    shared_buffers: '128MB',
    jit: 'off',
    log_line_prefix: '%m [%p] %q%u@%d ',
  },
  ephemeral: {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    autovacuum: 'off',
    max_wal_size: '2GB',
  },
} as const;

const plainEnvironment = (): NodeJS.ProcessEnv => ({
  NODE_ENV: 'production',
  PATH: process.env.PATH,
  TZ: 'UTC',
  LC_ALL: 'C',
});

async function initialise(dataDir: string, binaries: PostgresBinaries, password: string, account: Account | undefined) {
  const draft = `${dataDir}.init`;
  rmSync(draft, { recursive: true, force: true });
  ownFolder(draft, account);
  const passwordFile = `${draft}.password`;
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) chownSync(passwordFile, account.uid, account.gid);
  try {
    await runTool({
      name: 'initdb',
      command: join(binaries.bin, 'initdb'),
      args: [
        `--pgdata=${draft}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-sync',
        '--no-instructions',
      ],
      uid: account?.uid,
      gid: account?.gid,
      cwd: '/',
      env: plainEnvironment(),
    });
    rmSync(dataDir, { recursive: true, force: true });
    renameSync(draft, dataDir);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw new Error(`Postgres could not make its data folder ${dataDir}: ${(error as Error).message}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

async function untilItAnswers(url: string, child: Child, timeoutMs: number): Promise<string> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => {});
    try {
      await client.connect();
      const result = await client.query<{ server_version: string }>('show server_version');
      return result.rows[0]?.server_version ?? '';
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code === '28P01') {
        throw new Error(
          'Postgres refuses the password kept for this data folder: the two do not belong together. ' +
            'Start with --reset to begin anew.',
        );
      }
      if (!child.running()) {
        const exit = await child.exited;
        throw new Error(`Postgres ${describeExit(exit)}. Its last words: ${child.lastLines().slice(-5).join(' | ')}`);
      }
      if (Date.now() > deadline) throw new Error(`Postgres did not answer within ${timeoutMs / 1000} s: ${message}`);
      await sleep(40);
    } finally {
      await client.end().catch(() => {});
    }
  }
}

/**
 * Starts the Postgres server that came with npm and waits until it answers. As root it runs as an unprivileged user,
 * whose folder may then lie below the cache folder (see `dataDir` of the answer). A cluster whose server was killed
 * recovers; a server that a dead owner left running on the folder is ended first.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const account = unprivilegedAccount();
  const binaries = await stagePostgres();
  const password = options.password ?? randomBytes(18).toString('base64url');
  let dataDir: string;
  if (options.dataDir) {
    dataDir = reachableDataFolder(options.dataDir, account);
  } else if (options.ephemeral) {
    const parent = mkdtempSync(join(temporaryRoot(account), 'quarterdeck-postgres-'));
    ownFolder(parent, account);
    guardian().clear(parent);
    dataDir = join(parent, 'data');
  } else {
    throw new Error('startPostgres: dataDir is required unless ephemeral is true');
  }
  if (existsSync(join(dataDir, 'PG_VERSION'))) await clearLeftoverPostmaster(dataDir);
  else await initialise(dataDir, binaries, password, account);

  const port = options.port ?? (await choosePort());
  const chosen = { ...settings.always, ...(options.ephemeral ? settings.ephemeral : {}), port: String(port) };
  const spec: ChildSpec = {
    name: 'postgres',
    command: join(binaries.bin, 'postgres'),
    args: ['-D', dataDir, ...Object.entries(chosen).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
    cwd: '/',
    env: plainEnvironment(),
    uid: account?.uid,
    gid: account?.gid,
    // "Fast": it breaks off open transactions instead of waiting for the clients to leave.
    stopSignal: 'SIGINT',
    graceMs: 10_000,
    logFile: options.logFile,
  };
  const url = `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
  const cleanUp = () => {
    if (options.port === undefined) releasePort(port);
    if (options.ephemeral && !options.dataDir) {
      rmSync(join(dataDir, '..'), { recursive: true, force: true, maxRetries: 5 });
    }
  };
  try {
    const { child, version } = await launch(spec, url);
    const stop = async () => {
      await child.stop();
      cleanUp();
    };
    return { url, port, version, dataDir, child, stop };
  } catch (error) {
    cleanUp();
    throw error;
  }
}

const orphansMs = 20_000;

/** The last processes of a server that was killed take a moment to notice; until then a new one refuses to start. */
async function launch(spec: ChildSpec, url: string): Promise<{ child: Child; version: string }> {
  const deadline = Date.now() + orphansMs;
  for (;;) {
    const child = await startChild(spec);
    try {
      return { child, version: await untilItAnswers(url, child, 60_000) };
    } catch (error) {
      await child.stop();
      const isOccupied = child.lastLines().some((line) => line.includes('pre-existing shared memory block'));
      if (!isOccupied || Date.now() > deadline) throw error;
      await sleep(300);
    }
  }
}

export type TestPostgres = {
  url: string;
  /** Makes an empty database and answers its URL, as superuser. */
  createDatabase(name: string, template?: string): Promise<string>;
  stop(): Promise<void>;
};

/** A server for one test run; everything is gone after `stop`, and also when the test run is killed. */
export async function createTestPostgres(): Promise<TestPostgres> {
  const postgres = await startPostgres({ ephemeral: true });
  return {
    url: postgres.url,
    stop: postgres.stop,
    createDatabase: async (name, template) => {
      if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new Error(`"${name}" is no plain database name`);
      const client = new Client({ connectionString: postgres.url });
      await client.connect();
      try {
        await client.query(`CREATE DATABASE ${name}${template ? ` TEMPLATE ${template}` : ''}`);
      } finally {
        await client.end();
      }
      return Object.assign(new URL(postgres.url), { pathname: `/${name}` }).toString();
    },
  };
}
