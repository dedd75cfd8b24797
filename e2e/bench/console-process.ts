import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { buildConsole } from '#deploy/local/console-build.ts';
import { createTestPostgres } from '#deploy/local/postgres.ts';
import { migrate } from '../../prisma/migrate.ts';
import { seedDemo } from '../../prisma/seed.ts';

const token = 'qd_bench_token_that_is_long_enough';

export interface BenchConsole {
  url: string;
  pid: number;
  /** Headers of a viewer. */
  headers: Record<string, string>;
  databaseUrl: string;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The console as a production build on a Postgres of its own, with nobody else on it. */
export async function startConsole(settings: Record<string, string>): Promise<BenchConsole> {
  const { folder } = await buildConsole();
  const postgres = await createTestPostgres();
  const databaseUrl = await postgres.createDatabase('bench');
  await migrate(databaseUrl);
  await seedDemo(
    databaseUrl,
    [{ email: 'viewer@bench.local', name: 'Bench viewer', password: 'a long pass phrase', role: 'viewer' }],
    { viewer: token },
  );
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child: ChildProcess = spawn(process.execPath, [join(folder, 'server.js')], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      HOSTNAME: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      QD_SECRET: 'a secret of the benchmark, 32 characters',
      QD_PUBLIC_URL: url,
      QD_DEMO: 'true',
      LOG_LEVEL: 'warn',
      ...settings,
    },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(killer);
    await postgres.stop();
  };
  const until = Date.now() + 30_000;
  while (
    !(await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (Date.now() > until || child.exitCode !== null) {
      await stop();
      throw new Error('the console did not become ready');
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { url, pid: child.pid ?? 0, headers: { authorization: `Bearer ${token}` }, databaseUrl, stop };
}

/** Sum of a counter or of a histogram's count in `/metrics`, over all its labels. */
export async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
