import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type EngineEntry, type EngineName, engineEntry } from './engines/catalog.ts';
import { unpackPackages } from './engines/distribution.ts';
import { compareVersions, findOnPath, libraryFolders, versionOf } from './engines/probe.ts';
import { unpackRelease } from './engines/release.ts';
import { relocate } from './engines/relocate.ts';
import { cacheFolder } from './folders.ts';
import { withFileLock } from './process/lock.ts';

export type { EngineName } from './engines/catalog.ts';

export type Engine = {
  name: EngineName;
  title: string;
  program: string;
  version: string;
  /** Where it came from, in words. */
  origin: string;
  /** What its environment needs beside the usual. */
  env: Record<string, string>;
  /** The folder that it must be started in, where it matters: give all its paths absolutely. */
  cwd?: string;
};

/** An engine that could not be had: what was tried, and how to supply it. */
export class EngineMissing extends Error {
  readonly attempts: readonly string[];

  constructor(entry: EngineEntry, attempts: readonly string[]) {
    super(
      `${entry.title} could not be had. Tried: ${attempts.join('; ')}. ` +
        `Put ${entry.programs[0]} on PATH, or set ${entry.variable} to a running one.`,
    );
    this.name = 'EngineMissing';
    this.attempts = attempts;
  }
}

type Unpacked = { program: string; env: Record<string, string>; cwd?: string };

function locate(root: string, entry: EngineEntry): Unpacked | undefined {
  for (const folder of ['usr/bin', 'usr/sbin', '.']) {
    for (const program of entry.programs) {
      const file = join(root, folder, program);
      if (!existsSync(file)) continue;
      const libraries = libraryFolders(root);
      return { program: file, env: libraries.length > 0 ? { LD_LIBRARY_PATH: libraries.join(':') } : {}, cwd: root };
    }
  }
  return undefined;
}

/** Asks for the version once and keeps the answer beside the unpacked program. */
async function rememberedVersion(root: string, found: Unpacked): Promise<string> {
  const file = join(root, 'version.txt');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const version = await versionOf(found.program, found.env);
  writeFileSync(file, `${version}\n`);
  return version;
}

/**
 * Finds an engine on PATH, else in the cache folder, else fetches it: from the distribution's packages, else the
 * official release. Throws EngineMissing when none of these works.
 */
export async function findEngine(name: EngineName, cache: string = cacheFolder()): Promise<Engine> {
  const entry = engineEntry(name);
  const attempts: string[] = [];
  const engine = (found: Unpacked, version: string, origin: string): Engine => ({
    name,
    title: entry.title,
    ...found,
    version,
    origin,
  });

  const onPath = findOnPath(entry.programs);
  if (onPath) {
    try {
      const version = await versionOf(onPath, {});
      if (compareVersions(version, entry.minimumVersion) >= 0) {
        return engine({ program: onPath, env: {} }, version, `on PATH (${dirname(onPath)})`);
      }
      attempts.push(`PATH: ${onPath} is ${version}, older than ${entry.minimumVersion}`);
    } catch (error) {
      attempts.push(`PATH: ${(error as Error).message}`);
    }
  } else {
    attempts.push(`PATH: no ${entry.programs.join(' or ')}`);
  }

  const ways = [
    {
      origin: "the distribution's packages",
      root: join(cache, 'engines', `${name}-packages`),
      unpack: async (root: string) => {
        await unpackPackages(entry.packages, root, cache);
        const found = locate(root, entry);
        if (found && entry.fixedFolder) relocate(found.program, entry.fixedFolder);
      },
    },
    ...(entry.release
      ? [
          {
            origin: 'the official release, checksum verified',
            root: join(cache, 'engines', `${name}-${entry.release.version}`),
            unpack: (root: string) => unpackRelease(entry.release as NonNullable<EngineEntry['release']>, root),
          },
        ]
      : []),
  ];
  for (const way of ways) {
    const found = locate(way.root, entry);
    if (!found) continue;
    try {
      return engine(found, await rememberedVersion(way.root, found), `cache (from ${way.origin})`);
    } catch (error) {
      attempts.push(`cache: ${(error as Error).message}`);
    }
  }
  for (const way of ways) {
    try {
      return await withFileLock(join(cache, 'engines', `${name}.lock`), async () => {
        const there = locate(way.root, entry);
        if (!there) await way.unpack(way.root);
        const found = there ?? locate(way.root, entry);
        if (!found) throw new Error(`${entry.programs[0]} is not in what was unpacked`);
        return engine(found, await rememberedVersion(way.root, found), way.origin);
      });
    } catch (error) {
      attempts.push(`${way.origin}: ${(error as Error).message}`);
    }
  }
  throw new EngineMissing(entry, attempts);
}

/** A program that comes with an engine (promtool, amtool), where it does. */
export function companion(engine: Engine, program: string): string | undefined {
  const beside = join(dirname(engine.program), program);
  return existsSync(beside) ? beside : findOnPath([program]);
}
