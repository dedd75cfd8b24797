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

export function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
