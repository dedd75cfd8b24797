import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isRoot } from '../folders.ts';
import { withFileLock } from '../process/lock.ts';
import { runTool, ToolFailed } from '../process/run-tool.ts';
import { findOnPath } from './probe.ts';

function words(error: unknown): string {
  const lines = error instanceof ToolFailed ? error.lines.filter((line) => /^(E:|Err|error)/i.test(line)) : [];
  return lines[0] ?? (error as Error).message;
}

/** Options that keep apt's lists and caches in a folder of ours, so that it works without root. */
export function privateAptOptions(folder: string): string[] {
  const options: Record<string, string> = {
    'Dir::State': join(folder, 'state'),
    'Dir::State::lists': join(folder, 'state/lists'),
    'Dir::Cache': join(folder, 'cache'),
    // The real one, which apt would otherwise look for below Dir::State.
    'Dir::State::status': '/var/lib/dpkg/status',
  };
  return Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
}

/**
 * Unpacks packages of a Debian-like distribution into `target`, without installing anything: neither root nor a change
 * to the system is needed. Where the package lists are absent or stale they are fetched first (as an ordinary user into
 * the cache folder). Throws in words when it cannot be done.
 */
export async function unpackPackages(packages: readonly string[], target: string, cache: string): Promise<void> {
  const aptGet = findOnPath(['apt-get']);
  const dpkgDeb = findOnPath(['dpkg-deb']);
  if (!aptGet || !dpkgDeb) throw new Error('apt-get and dpkg-deb are not on PATH');
  await withFileLock(join(cache, 'apt.lock'), async () => {
    const draft = `${target}.new`;
    const downloads = `${target}.packages`;
    for (const folder of [draft, downloads]) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
    }
    const own = join(cache, 'apt');
    const ownOptions = privateAptOptions(own);
    const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
    const download = (options: readonly string[]) =>
      runTool({
        name: 'apt-get download',
        command: aptGet,
        args: ['-q', '-o', 'APT::Sandbox::User=root', ...options, 'download', ...packages],
        cwd: downloads,
        env,
        timeoutMs: 240_000,
      });
    const update = (options: readonly string[]) =>
      runTool({ name: 'apt-get update', command: aptGet, args: ['-q', ...options, 'update'], env, timeoutMs: 240_000 });
    try {
      await download([]).catch(async () => {
        const options = isRoot ? [] : ownOptions;
        if (!isRoot) {
          mkdirSync(join(own, 'state/lists/partial'), { recursive: true });
          mkdirSync(join(own, 'cache/archives/partial'), { recursive: true });
        }
        // One unreachable third-party list must not stand in the way of the distribution's own.
        const updated = await update(options).then(
          () => '',
          (error: unknown) => words(error),
        );
        await download(options).catch((error: unknown) => {
          throw new Error(
            `apt-get download ${packages.join(' ')}: ${words(error)}${updated && `; update: ${updated}`}`,
          );
        });
      });
      for (const file of readdirSync(downloads).filter((name) => name.endsWith('.deb'))) {
        await runTool({ name: 'dpkg-deb', command: dpkgDeb, args: ['-x', join(downloads, file), draft], env });
      }
      rmSync(target, { recursive: true, force: true });
      renameSync(draft, target);
    } finally {
      for (const folder of [draft, downloads]) rmSync(folder, { recursive: true, force: true });
    }
  });
}
