import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * A small process of its own session that holds one end of a pipe to us. When we die, by whatever signal, the pipe
 * closes and it ends the children and removes the temporary folders that it was told of.
 */
export type Guardian = {
  pid: number | undefined;
  /** The process leads a group; it is asked to end by `signal` and its group is killed after the grace. */
  watch(pid: number, signal: NodeJS.Signals, graceMs: number): void;
  forget(pid: number): void;
  /** Removes the folder at the end; one that is gone by then does not matter. */
  clear(folder: string): void;
  dismiss(): Promise<void>;
};

function startGuardian(): Guardian {
  const script = fileURLToPath(new URL('./guardian.sh', import.meta.url));
  const guardian: ChildProcess = spawn('/bin/sh', [script], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { NODE_ENV: 'production', PATH: '/usr/local/bin:/usr/bin:/bin' },
    cwd: '/',
  });
  guardian.unref();
  const pipe = guardian.stdin;
  if (pipe && 'unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
  pipe?.on('error', () => {});
  const tell = (line: string) => {
    pipe?.write(`${line}\n`);
  };
  return {
    pid: guardian.pid,
    watch: (pid, signal, graceMs) => tell(`add ${pid} ${signal.replace('SIG', '')} ${Math.ceil(graceMs / 1000)}`),
    forget: (pid) => tell(`remove ${pid}`),
    clear: (folder) => tell(`path ${folder}`),
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
