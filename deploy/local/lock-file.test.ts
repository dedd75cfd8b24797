import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryRoot } from './folders.ts';

type Entry = { version?: string; optionalDependencies?: Record<string, string> };

// npm leaves out the packages of other platforms when its registry does not have them, and `npm ci` then refuses the
// whole lock file.
test('the lock file lists the packages of every platform', () => {
  const file = join(repositoryRoot, 'package-lock.json');
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Entry> };
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
    ),
  );
  expect(missing).toEqual([]);
});
