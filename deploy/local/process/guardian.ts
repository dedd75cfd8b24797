import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Doomed } from './signal.ts';

export type GuardianMessage =
  | { op: 'add'; child: Doomed }
  | { op: 'remove'; pid: number }
  | { op: 'addPath'; path: string }
  | { op: 'removePath'; path: string };

/**
 * A small process of its own session that holds one end of a pipe to us. When we die, by whatever signal, the pipe
 * closes and it ends the children and removes the temporary folders that it was told of.
 */
export type Guardian = { tell(message: GuardianMessage): void; dismiss(): Promise<void> };

function startGuardian(): Guardian {
  const script = fileURLToPath(new URL('./guardian-main.ts', import.meta.url));
  const guardian: ChildProcess = spawn(process.execPath, ['--max-old-space-size=32', script], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { NODE_ENV: 'production', PATH: process.env.PATH ?? '' },
    cwd: '/',
  });
  guardian.unref();
  const pipe = guardian.stdin;
  if (pipe && 'unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
  pipe?.on('error', () => {});
  return {
    tell: (message) => {
      pipe?.write(`${JSON.stringify(message)}\n`);
    },
    dismiss: () =>
      new Promise((resolve) => {
        if (guardian.exitCode !== null) return resolve();
        guardian.ref();
        guardian.once('exit', () => resolve());
        pipe?.end();
      }),
  };
}

const key = Symbol.for('quarterdeck.guardian');
const registry = globalThis as typeof globalThis & { [key]?: Guardian };

/** The guardian of this process, started on first use. */
export function guardian(): Guardian {
  registry[key] ??= startGuardian();
  return registry[key];
}

/** Lets the guardian go when this process ends in order; without one it does nothing. */
export async function dismissGuardian(): Promise<void> {
  const running = registry[key];
  registry[key] = undefined;
  await running?.dismiss();
}
