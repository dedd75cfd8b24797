import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const repositoryRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

export const isRoot = process.getuid?.() === 0;

/** Where downloads and unpacked engines are kept, shared by all demos of this person; created when absent. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const folder =
    env.QD_CACHE ??
    (isRoot ? '/var/cache/quarterdeck' : join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'quarterdeck'));
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  return resolve(folder);
}

export type Account = { name: string; uid: number; gid: number };

/** Reads one account of /etc/passwd. */
export function parsePasswd(passwd: string, name: string): Account | undefined {
  const fields = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find((line) => line[0] === name);
  if (!fields) return undefined;
  const uid = Number(fields[2]);
  const gid = Number(fields[3]);
  return Number.isInteger(uid) && Number.isInteger(gid) && uid > 0 ? { name, uid, gid } : undefined;
}

/**
 * The account as which programs run that refuse to run as root: `postgres` where there is one, else `nobody`.
 * Undefined when we are not root and run them as ourselves. Throws when root has neither.
 */
export function unprivilegedAccount(): Account | undefined {
  if (!isRoot) return undefined;
  const passwd = readFileSync('/etc/passwd', 'utf8');
  const account = parsePasswd(passwd, 'postgres') ?? parsePasswd(passwd, 'nobody');
  if (!account) {
    throw new Error(
      'Postgres does not run as root, and /etc/passwd has neither a user postgres nor nobody to run it as. ' +
        'Start as an ordinary user, or set DATABASE_URL to a database of your own.',
    );
  }
  return account;
}

/** True when everybody may pass through the folder and all above it (absent ones are taken as fine). */
export function isTraversable(folder: string): boolean {
  for (let at = resolve(folder); ; at = dirname(at)) {
    try {
      if ((statSync(at).mode & 0o001) === 0) return false;
    } catch {}
    if (at === dirname(at)) return true;
  }
}

/**
 * Where a program that runs as `account` keeps data which belongs to `wanted`: there, or below the cache folder when
 * the account could not reach it (a 700 home directory).
 */
export function reachableDataFolder(
  wanted: string,
  account: Account | undefined,
  cache: string = cacheFolder(),
): string {
  const absolute = resolve(wanted);
  if (!account || isTraversable(dirname(absolute))) return absolute;
  const digest = createHash('sha256').update(absolute).digest('hex').slice(0, 12);
  return join(cache, 'data', digest);
}

/** Makes a folder of mode 700 that belongs to the account. */
export function ownFolder(folder: string, account: Account | undefined): void {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  if (account) chownSync(folder, account.uid, account.gid);
}

/** A folder for temporary data that the account can reach. */
export function temporaryRoot(account: Account | undefined): string {
  const folder = !account || isTraversable(tmpdir()) ? tmpdir() : join(cacheFolder(), 'tmp');
  mkdirSync(folder, { recursive: true });
  return folder;
}
