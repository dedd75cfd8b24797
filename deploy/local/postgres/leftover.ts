import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isAlive } from '../process/identity.ts';
import { send, sleep } from '../process/signal.ts';

/** The pid in the first line of postmaster.pid; undefined when there is no such file or it is damaged. */
export function readPostmasterPid(dataDir: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function commandLineOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

/**
 * Clears what a server that was killed left in its data folder. A postmaster.pid whose process is gone, or is another
 * program that got the same pid, is removed; a server that still runs on the folder is asked to end, then made to.
 */
export async function clearLeftoverPostmaster(dataDir: string): Promise<void> {
  const pid = readPostmasterPid(dataDir);
  if (pid === undefined) return;
  const identity = identify(pid);
  if (isAlive(identity) && commandLineOf(pid).includes(dataDir)) {
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      send(pid, signal);
      const deadline = Date.now() + 5_000;
      while (isAlive(identity) && Date.now() < deadline) await sleep(50);
    }
  }
  rmSync(join(dataDir, 'postmaster.pid'), { force: true });
}
