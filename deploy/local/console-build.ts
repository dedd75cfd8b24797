import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './folders.ts';
import { digestFiles, generateClient, listFiles } from './prepare.ts';
import { withFileLock } from './process/lock.ts';
import { runTool } from './process/run-tool.ts';

const folders = ['app', 'components', 'lib', 'public', 'prisma'];
const kept = 3;

const isRootSource = (name: string) => /\.(ts|tsx|js|mjs|json|css)$/.test(name);
const isNotBuilt = (path: string) =>
  /\.test\.tsx?$|\.tsbuildinfo$|^(biome\.json|vitest\.config\.ts|playwright\.config\.ts|next-env\.d\.ts)$/.test(path) ||
  path.startsWith('lib/db/generated/');

/** A digest of all that the build of the console is made from. */
export function sourceDigest(root: string = repositoryRoot): string {
  const files = readdirSync(root).filter(isRootSource);
  return digestFiles(
    root,
    listFiles(root, [...folders, ...files], (path) => !isNotBuilt(path)),
  );
}

export type ConsoleBuild = {
  /** Folder of a server that needs nothing else: `node server.js` there. */
  folder: string;
  digest: string;
  built: boolean;
};

function forgetOld(builds: string, current: string): void {
  const old = readdirSync(builds)
    .filter((name) => name !== current)
    .map((name) => ({ name, usedAt: statSync(join(builds, name)).mtimeMs }))
    .sort((a, b) => b.usedAt - a.usedAt)
    .slice(kept - 1);
  for (const { name } of old) rmSync(join(builds, name), { recursive: true, force: true });
}

/**
 * Builds the console for production where its sources changed since the last build, and answers a copy of it that no
 * later build touches: a console that runs from it keeps running.
 */
export async function buildConsole(logFile?: string, root: string = repositoryRoot): Promise<ConsoleBuild> {
  await generateClient(root);
  const builds = join(root, '.cache/console');
  return withFileLock(join(root, '.cache/console.lock'), async () => {
    const digest = sourceDigest(root);
    const folder = join(builds, digest);
    if (existsSync(join(folder, 'server.js'))) {
      utimesSync(folder, new Date(), new Date());
      return { folder, digest, built: false };
    }
    await runTool({
      name: 'next build',
      command: process.execPath,
      args: [join(root, 'node_modules/next/dist/bin/next'), 'build'],
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
      logFile,
      timeoutMs: 900_000,
    });
    const draft = join(builds, `${digest}.new`);
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    cpSync(join(root, '.next/standalone'), draft, { recursive: true, verbatimSymlinks: true });
    cpSync(join(root, '.next/static'), join(draft, '.next/static'), { recursive: true });
    if (existsSync(join(root, 'public'))) cpSync(join(root, 'public'), join(draft, 'public'), { recursive: true });
    renameSync(draft, folder);
    forgetOld(builds, digest);
    return { folder, digest, built: true };
  });
}

if (import.meta.main) {
  const { folder, built } = await buildConsole();
  process.stdout.write(`${built ? 'Built' : 'Up to date'}: ${folder}\n`);
  process.exit(0);
}
