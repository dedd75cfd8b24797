import { isAlive, type ProcessIdentity } from './identity.ts';

/** Sends a signal and says whether anybody was there to get it. */
export function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Kills what is left of a process group; does nothing when it is gone. */
export function killGroup(pid: number): void {
  send(-pid, 'SIGKILL');
}

export type Doomed = ProcessIdentity & { name: string; signal: NodeJS.Signals; graceMs: number };

/**
 * Asks each process to end, waits for its grace, then kills its group. All at once: this is for the leftovers of an
 * owner that died, where no order can be kept. Processes that are no longer themselves are left alone.
 */
export async function endAll(doomed: readonly Doomed[]): Promise<void> {
  await Promise.all(
    doomed.map(async (one) => {
      if (isAlive(one)) {
        send(one.pid, one.signal);
        const deadline = Date.now() + one.graceMs;
        while (isAlive(one) && Date.now() < deadline) await sleep(50);
        killGroup(one.pid);
      }
    }),
  );
}

export function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
