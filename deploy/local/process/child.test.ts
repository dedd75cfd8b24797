import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startChild } from './child.ts';
import { identify, isAlive } from './identity.ts';
import { runTool, ToolFailed } from './run-tool.ts';
import { sleep } from './signal.ts';

const node = (script: string) => ({ command: process.execPath, args: ['-e', script], env: { PATH: process.env.PATH } });

async function untilSays(child: { lastLines(): string[] }, word: string): Promise<string> {
  for (;;) {
    const line = child.lastLines().find((one) => one.includes(word));
    if (line) return line;
    await sleep(20);
  }
}

test('a child that ignores the request to end is killed after its grace, with all it started', async () => {
  const script = `
    process.on('SIGTERM', () => {});
    const grandchild = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
    console.log('grandchild ' + grandchild.pid);
    setInterval(() => {}, 1e6);`;
  const child = await startChild({ name: 'stubborn', ...node(script), graceMs: 200 });
  const grandchild = identify(Number((await untilSays(child, 'grandchild')).split(' ')[1]));
  expect(isAlive(grandchild)).toBe(true);
  expect(await child.stop()).toEqual({ code: null, signal: 'SIGKILL' });
  const deadline = Date.now() + 3_000;
  while (isAlive(grandchild) && Date.now() < deadline) await sleep(20);
  expect(isAlive(grandchild)).toBe(false);
});

test('what a child says is kept in its log and, the end of it, in memory', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-child-'));
  const logFile = join(folder, 'logs', 'child.log');
  const script =
    "for (let i = 0; i < 100; i++) console.log('line ' + i); process.stderr.write('no newline at the end')";
  const child = await startChild({ name: 'talker', ...node(script), logFile });
  expect(await child.exited).toEqual({ code: 0, signal: null });
  expect(child.lastLines()).toContain('line 99');
  expect(child.lastLines()).toContain('no newline at the end');
  expect(child.lastLines()).not.toContain('line 1');
  expect(readFileSync(logFile, 'utf8')).toContain('line 0\n');
  rmSync(folder, { recursive: true });
});

test('a command that does not exist is named', async () => {
  await expect(startChild({ name: 'ghost', command: '/nowhere/ghost', args: [], env: {} })).rejects.toThrow(
    /ghost cannot be started with \/nowhere\/ghost/,
  );
});

test('a tool that fails or takes too long says so with its last words', async () => {
  await expect(runTool({ name: 'tool', ...node("console.error('disk full'); process.exit(4)") })).rejects.toThrow(
    'tool ended with exit code 4: disk full',
  );
  await expect(runTool({ name: 'tool', ...node('setInterval(() => {}, 1e6)'), timeoutMs: 300 })).rejects.toThrow(
    ToolFailed,
  );
});

test('nothing outlives a parent that is killed outright', async () => {
  const module = new URL('./child.ts', import.meta.url).href;
  const script = `
    const { startChild } = await import(${JSON.stringify(module)});
    const child = await startChild({ name: 'orphan', command: process.execPath, args: ['-e', 'setInterval(() => {}, 1e6)'], env: {} });
    console.log('orphan ' + child.pid);
    await new Promise(() => setInterval(() => {}, 1e6));`;
  const parent = await startChild({
    name: 'parent',
    command: process.execPath,
    args: ['--input-type=module', '-e', script],
    env: { PATH: process.env.PATH },
  });
  const orphan = identify(Number((await untilSays(parent, 'orphan')).split(' ')[1]));
  expect(isAlive(orphan)).toBe(true);
  parent.kill('SIGKILL');
  const deadline = Date.now() + 6_000;
  while (isAlive(orphan) && Date.now() < deadline) await sleep(20);
  expect(isAlive(orphan)).toBe(false);
});
