import { type ChildProcess, spawn } from 'node:child_process';
import { until } from './setup.ts';

const repository = new URL('../../../', import.meta.url);

/** The receiver as a process of its own, ready. */
export async function startReceiverProcess(
  databaseUrl: string,
  env: Record<string, string> = {},
): Promise<{ child: ChildProcess; url: string; output: () => string }> {
  const child = spawn(process.execPath, ['lib/receiver/main.ts'], {
    cwd: repository,
    env: { NODE_ENV: 'test', PATH: process.env.PATH, PORT: '0', DATABASE_RECEIVER_URL: databaseUrl, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  await until(() => /"url":"[^"]+"/.test(output), 30_000);
  const url = /"url":"([^"]+)"/.exec(output)?.[1] ?? '';
  await until(async () => (await fetch(`${url}/readyz`)).status === 200);
  return { child, url, output: () => output };
}
