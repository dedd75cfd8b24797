import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tryFileLock, withFileLock } from './lock.ts';
import { sleep } from './signal.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-lock-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a lock is held by one at a time', async () => {
  const path = join(folder, 'one');
  const release = tryFileLock(path);
  expect(release).toBeDefined();
  expect(tryFileLock(path)).toBeUndefined();
  release?.();
  tryFileLock(path)?.();
});

test.each([
  ['a process that is gone', JSON.stringify({ pid: 999_999_999, startTime: '1' })],
  ['a process whose pid now belongs to another', JSON.stringify({ pid: process.pid, startTime: '1' })],
  ['nobody who could be read', 'rubbish'],
])('a lock of %s is taken over', (_, content) => {
  const path = join(folder, 'stale');
  writeFileSync(path, content);
  const release = tryFileLock(path);
  expect(release).toBeDefined();
  release?.();
});

test('those who wait for a lock do their work one after the other', async () => {
  const path = join(folder, 'queue');
  let inside = 0;
  let most = 0;
  await Promise.all(
    [1, 2, 3].map(() =>
      withFileLock(path, async () => {
        inside += 1;
        most = Math.max(most, inside);
        await sleep(20);
        inside -= 1;
      }),
    ),
  );
  expect(most).toBe(1);
});
