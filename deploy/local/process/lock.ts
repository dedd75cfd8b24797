import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { identify, isAlive, type ProcessIdentity } from './identity.ts';
import { sleep } from './signal.ts';

function holderOf(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

let serial = 0;

/** Puts a complete file in place at once, so that nobody reads half of it; false when there is one already. */
function placeLock(path: string, content: string): boolean {
  serial += 1;
  const draft = `${path}.${process.pid}.${serial}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves a dead holder's file away; a living one that slipped in meanwhile gets its file back. */
function removeStale(path: string): void {
  serial += 1;
  const aside = `${path}.stale.${process.pid}.${serial}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const holder = holderOf(aside);
  if (holder && isAlive(holder)) {
    try {
      linkSync(aside, path);
    } catch {}
  }
  rmSync(aside, { force: true });
}

/**
 * Takes the lock file or returns undefined when another living process holds it; a dead one's is taken over.
 * `note` is kept in the file beside the holder's identity.
 */
export function tryFileLock(path: string, note: Record<string, unknown> = {}): (() => void) | undefined {
  mkdirSync(dirname(path), { recursive: true });
  const content = JSON.stringify({ ...note, ...identify(process.pid) });
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (placeLock(path, content)) return () => rmSync(path, { force: true });
    const holder = holderOf(path);
    if (holder && isAlive(holder)) return undefined;
    removeStale(path);
  }
  return undefined;
}

/** Runs `work` while holding the lock file; waits for another holder, however long it lives. */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  let release = tryFileLock(path);
  while (!release) {
    await sleep(150);
    release = tryFileLock(path);
  }
  try {
    return await work();
  } finally {
    release();
  }
}
