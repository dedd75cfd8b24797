import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DataFolderError, openDataFolder } from './data-folder.ts';
import { demoAccounts, openSecrets } from './secrets.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'quarterdeck-data-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a folder is for one demo at a time, and the second is told where the first is', () => {
  const path = join(root, 'one');
  const first = openDataFolder(path);
  expect(() => openDataFolder(path)).toThrow('it is still starting');
  first.announce('http://127.0.0.1:3000');
  expect(() => openDataFolder(path)).toThrow(`pid ${process.pid}): http://127.0.0.1:3000`);
  first.release();
  openDataFolder(path).release();
});

test('a folder with things of somebody else is left alone, also by --reset', () => {
  const path = join(root, 'home');
  mkdirSync(path);
  writeFileSync(join(path, 'thesis.txt'), 'mine');
  expect(() => openDataFolder(path)).toThrow(DataFolderError);
  expect(readFileSync(join(path, 'thesis.txt'), 'utf8')).toBe('mine');
});

test('--reset forgets everything of ours and nothing else', () => {
  const path = join(root, 'reset');
  const first = openDataFolder(path);
  first.prepare(false);
  first.release();
  const before = openSecrets(join(path, 'secrets.json'));
  writeFileSync(join(path, 'notes.txt'), 'mine');
  const second = openDataFolder(path);
  second.prepare(true);
  second.release();
  expect(existsSync(join(path, 'secrets.json'))).toBe(false);
  expect(existsSync(join(path, 'notes.txt'))).toBe(true);
  expect(openSecrets(join(path, 'secrets.json')).supervisor).not.toBe(before.supervisor);
});

test('secrets are random, kept, readable by the owner only, and completed when a new one is needed', () => {
  const file = join(root, 'secrets', 'secrets.json');
  const first = openSecrets(file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(openSecrets(file)).toEqual(first);
  const { hook: _, ...older } = first;
  writeFileSync(file, JSON.stringify(older));
  expect(openSecrets(file)).toMatchObject(older);
  expect(openSecrets(file).hook).toHaveLength(first.hook.length);
  const passwords = demoAccounts(first).map((account) => account.password);
  expect(new Set(passwords).size).toBe(4);
  expect(demoAccounts(first).map((account) => account.role)).toEqual(['viewer', 'responder', 'commander', 'admin']);
});
