import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startChild } from './process/child.ts';

const run = async (...args: string[]) => {
  const child = await startChild({
    name: 'demo',
    command: process.execPath,
    args: [fileURLToPath(new URL('./demo.ts', import.meta.url)), ...args],
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
  });
  const { code } = await child.exited;
  return { code, said: child.lastLines().join('\n') };
};

test('--help explains every option and starts nothing', async () => {
  const { code, said } = await run('--help');
  expect(code).toBe(0);
  for (const option of ['--port', '--data', '--rate', '--no-traffic', '--reset']) expect(said).toContain(option);
});

test('an unknown option is named, with the usage, and exit code 2', async () => {
  const { code, said } = await run('--prot', '80');
  expect(code).toBe(2);
  expect(said).toContain("Unknown option '--prot'.");
  expect(said).toContain('Usage: npm run demo');
});

test('a folder of somebody else is refused', async () => {
  const { code, said } = await run('--data', '/etc', '--reset');
  expect(code).toBe(1);
  expect(said).toContain('/etc is not empty and is no data folder of Quarterdeck.');
});
