import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Child, startChild } from './child.ts';
import { isAlive, type ProcessIdentity } from './identity.ts';
import { clearLeftovers } from './leftovers.ts';
import { sleep } from './signal.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-leftovers-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function startOwner(file: string): Promise<Child> {
  const url = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const script = `
    const { startChild } = await import(${url('./child.ts')});
    const { recordChildren } = await import(${url('./leftovers.ts')});
    recordChildren(${JSON.stringify(file)});
    const idle = ['-e', 'setInterval(() => {}, 1e6)'];
    await startChild({ name: 'child', command: process.execPath, args: idle, env: {} });
    console.log('started');
    setInterval(() => {}, 1e6);`;
  const owner = await startChild({
    name: 'owner',
    command: process.execPath,
    args: ['--input-type=module', '-e', script],
    env: { PATH: process.env.PATH },
  });
  while (!owner.lastLines().includes('started')) await sleep(20);
  return owner;
}

test('what an owner left running is ended by the next start, even when its guardian was killed with it', async () => {
  const file = join(folder, 'processes.json');
  const owner = await startOwner(file);
  const { guardian, children } = JSON.parse(readFileSync(file, 'utf8')) as {
    guardian: ProcessIdentity;
    children: ProcessIdentity[];
  };
  expect(children).toHaveLength(1);
  process.kill(guardian.pid, 'SIGKILL');
  owner.kill('SIGKILL');
  await owner.exited;
  expect(children.some(isAlive)).toBe(true);
  await clearLeftovers(file, () => {});
  expect(children.some(isAlive)).toBe(false);
});

test('no record and a record of processes that are long gone are fine', async () => {
  await clearLeftovers(join(folder, 'none.json'), () => {});
  await clearLeftovers(join(folder, 'processes.json'), () => {});
});
