import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { repositoryRoot } from './folders.ts';
import { withFileLock } from './process/lock.ts';
import { runTool } from './process/run-tool.ts';

/** Every file below the given files and folders of the repository for which `keep` holds, sorted. */
export function listFiles(root: string, entries: readonly string[], keep: (path: string) => boolean): string[] {
  const files: string[] = [];
  const visit = (path: string) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const child = join(path, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && !entry.name.startsWith('.')) visit(child);
      } else if (entry.isFile() && keep(relative(root, child))) files.push(child);
    }
  };
  for (const entry of entries) {
    const path = join(root, entry);
    if (!existsSync(path)) continue;
    if (readdirSafe(path)) visit(path);
    else if (keep(entry)) files.push(path);
  }
  return files.sort();
}

function readdirSafe(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch {
    return false;
  }
}

/** One digest of the names and contents of files. */
export function digestFiles(root: string, files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex').slice(0, 20);
}

/** Generates the database client where the schema or Prisma changed since the last time; true when it did. */
export async function generateClient(root: string = repositoryRoot): Promise<boolean> {
  return withFileLock(join(root, '.cache/prisma.lock'), async () => {
    const files = listFiles(root, ['prisma/schema.prisma', 'prisma.config.ts', 'prisma/generate.ts'], () => true);
    const version = JSON.parse(readFileSync(join(root, 'node_modules/prisma/package.json'), 'utf8')) as {
      version: string;
    };
    const digest = `${digestFiles(root, files)} ${version.version}`;
    const note = join(root, '.cache/prisma.digest');
    const isThere = existsSync(join(root, 'lib/db/generated/client.ts'));
    if (isThere && existsSync(note) && readFileSync(note, 'utf8') === digest) return false;
    await runTool({
      name: 'prisma generate',
      command: process.execPath,
      args: [join(root, 'prisma/generate.ts')],
      cwd: root,
      env: { ...process.env },
      timeoutMs: 120_000,
    });
    mkdirSync(dirname(note), { recursive: true });
    writeFileSync(note, digest);
    return true;
  });
}
