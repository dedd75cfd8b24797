import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { observeChildren } from './child.ts';
import { guardian } from './guardian.ts';
import { identify, isAlive, type ProcessIdentity } from './identity.ts';
import { killGroup, send, sleep } from './signal.ts';

type Record = { guardian: ProcessIdentity | undefined; children: ProcessIdentity[] };

const guardianMs = 30_000;
const graceMs = 5_000;

/** Keeps a file of the processes that this one started, for `clearLeftovers` of a later start. */
export function recordChildren(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const { pid } = guardian();
  const keeper = pid === undefined ? undefined : identify(pid);
  const identities = new Map<number, ProcessIdentity>();
  observeChildren((children) => {
    const record: Record = {
      guardian: keeper,
      children: children.map((child) => {
        const identity = identities.get(child.pid) ?? identify(child.pid);
        identities.set(child.pid, identity);
        return identity;
      }),
    };
    writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  });
}

/**
 * Ends what an owner that was killed left running: waits for its guardian to do so, and where that was killed as well,
 * ends the processes of the record itself. `onWait` is called when it takes more than a moment.
 */
export async function clearLeftovers(file: string, onWait: () => void): Promise<void> {
  let record: Record;
  try {
    record = JSON.parse(readFileSync(file, 'utf8')) as Record;
  } catch {
    return;
  }
  const keeper = record.guardian;
  const until = Date.now() + guardianMs;
  let said = false;
  while (keeper && isAlive(keeper) && Date.now() < until) {
    if (!said && until - Date.now() < guardianMs - 500) {
      said = true;
      onWait();
    }
    await sleep(50);
  }
  const left = record.children.filter(isAlive);
  for (const { pid } of left) send(pid, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (left.some(isAlive) && Date.now() < deadline) await sleep(50);
  for (const one of left) if (isAlive(one)) killGroup(one.pid);
}
