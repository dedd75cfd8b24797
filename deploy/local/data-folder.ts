import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isRoot, reachableDataFolder, unprivilegedAccount } from './folders.ts';
import { identify } from './process/identity.ts';
import { tryFileLock } from './process/lock.ts';

const marker = 'quarterdeck-data';
const owned = [
  'alertmanager',
  'demo.json',
  'history.json',
  'logs',
  'ports.json',
  'postgres',
  'prometheus',
  'redis',
  'rules',
  'run',
  'secrets.json',
];

/** The folder cannot be used; the message says why and what to do. */
export class DataFolderError extends Error {}

export type DataFolder = {
  path: string;
  at(...names: string[]): string;
  /** Makes its folders ready for a start; `reset` forgets everything of an earlier one. */
  prepare(reset: boolean): void;
  /** Notes the address under which this demo is reached, for whoever finds the folder taken. */
  announce(url: string): void;
  release(): void;
};

/**
 * Takes the data folder for this process, making it on first use. Throws DataFolderError when another demo runs on it
 * or when it holds things that are not ours.
 */
export function openDataFolder(path: string): DataFolder {
  const at = (...names: string[]) => join(path, ...names);
  if (existsSync(path) && readdirSync(path).length > 0 && !existsSync(at(marker))) {
    throw new DataFolderError(`${path} is not empty and is no data folder of Quarterdeck. Choose another with --data.`);
  }
  mkdirSync(path, { recursive: true, mode: 0o755 });
  const lock = at('demo.lock');
  const release = tryFileLock(lock);
  if (!release) {
    const { pid, url } = JSON.parse(readFileSync(lock, 'utf8')) as { pid: number; url?: string };
    throw new DataFolderError(
      `A demo is running on ${path} already (pid ${pid}): ${url ?? 'it is still starting'}. ` +
        'Stop it first, or choose another folder with --data.',
    );
  }
  // As root, Postgres runs as somebody else and must get to its folder; what is secret is in files of mode 600.
  if (isRoot) chmodSync(path, 0o711);
  writeFileSync(at(marker), 'Data of a one-machine Quarterdeck. Remove the whole folder, or start with --reset.\n');
  const postgres = reachableDataFolder(at('postgres'), unprivilegedAccount());
  return {
    path,
    at,
    prepare: (reset) => {
      if (reset)
        for (const old of [...owned.map((name) => at(name)), postgres]) rmSync(old, { recursive: true, force: true });
      for (const name of ['alertmanager', 'logs', 'prometheus', 'redis', 'rules', 'run']) {
        mkdirSync(at(name), { recursive: true, mode: 0o700 });
      }
      rmSync(at('demo.json'), { force: true });
    },
    announce: (url) => {
      writeFileSync(`${lock}.new`, JSON.stringify({ ...identify(process.pid), url }));
      renameSync(`${lock}.new`, lock);
    },
    release,
  };
}
