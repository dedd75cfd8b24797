import { type ChildProcess, spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';

const SERVICES = join(import.meta.dirname, '..', '..');

export interface ServiceProcess {
  readonly child: ChildProcess;
  readonly url: string;
  readonly port: number;
  /** Lines of standard output so far, parsed. */
  readonly lines: Record<string, unknown>[];
  readonly errors: string[];
  /** Milliseconds from the start of the process to `/readyz` saying yes. */
  readonly readyAfterMs: number;
  /** Ends it by a signal and tells its exit code (null when the signal killed it). */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts a service as the supervisor does and waits until it is ready. */
export async function startService(service: string, env: Readonly<Record<string, string>>): Promise<ServiceProcess> {
  const port = Number(env.PORT ?? (await freePort()));
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, ['--import', './kit/telemetry.ts', `${service}/main.ts`], {
    cwd: SERVICES,
    env: { PATH: process.env.PATH, SERVICE_NAME: service, PORT: String(port), ...env } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: Record<string, unknown>[] = [];
  const errors: string[] = [];
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) lines.push(JSON.parse(part) as Record<string, unknown>);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));

  const url = `http://127.0.0.1:${port}`;
  const end = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    return exited;
  };
  try {
    await waitFor(
      async () => {
        if (child.exitCode !== null) throw new Error(`${service} ended with ${child.exitCode}: ${errors.join('')}`);
        return (await fetch(`${url}/readyz`).catch(() => undefined))?.ok;
      },
      `${service} to be ready`,
      60_000,
      25,
    );
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(
      `${(error as Error).message}\n${errors.join('')}${lines.map((line) => JSON.stringify(line)).join('\n')}`,
    );
  }
  return { child, url, port, lines, errors, readyAfterMs: performance.now() - startedAtMs, end };
}

/** Polls until `condition` gives something truthy, and gives that. */
export async function waitFor<T>(
  condition: () => Promise<T> | T,
  what: string,
  limitMs = 15_000,
  everyMs = 50,
): Promise<NonNullable<T>> {
  const until = performance.now() + limitMs;
  for (;;) {
    const value = await condition();
    if (value) return value as NonNullable<T>;
    if (performance.now() > until) throw new Error(`waited ${limitMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
