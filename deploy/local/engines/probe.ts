import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The first of the programs that is on PATH. */
export function findOnPath(programs: readonly string[], path: string = process.env.PATH ?? ''): string | undefined {
  for (const program of programs) {
    for (const folder of path.split(delimiter).filter(Boolean)) {
      const file = join(folder, program);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {}
    }
  }
  return undefined;
}

/** Takes the version out of what `--version` prints; undefined when there is none in it. */
export function parseVersion(output: string): string | undefined {
  return /(?:version |v=)v?(\d+\.\d+(?:\.\d+)?)/i.exec(output)?.[1];
}

/** Negative when `left` is older than `right`; compares numbers, missing parts count as 0. */
export function compareVersions(left: string, right: string): number {
  const a = left.split('.').map(Number);
  const b = right.split('.').map(Number);
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Runs the program once and answers its version; throws in words when it does not run here. */
export async function versionOf(program: string, env: Record<string, string>): Promise<string> {
  try {
    const { stdout, stderr } = await run(program, ['--version'], { env: { ...process.env, ...env }, timeout: 15_000 });
    const version = parseVersion(stdout + stderr);
    if (!version) throw new Error(`it does not say its version (${(stdout + stderr).trim().slice(0, 80)})`);
    return version;
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(`${program} does not run: ${(stderr?.trim() || message).split('\n')[0]}`);
  }
}

/** The folders of an unpacked package that hold its shared libraries. */
export function libraryFolders(root: string): string[] {
  const folders: string[] = [];
  for (const base of ['usr/lib', 'lib']) {
    const folder = join(root, base);
    if (!existsSync(folder)) continue;
    folders.push(folder);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && entry.name.includes('linux-gnu')) folders.push(join(folder, entry.name));
    }
  }
  return folders;
}
