import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { choosePort, isPortFree, openPortBook, releaseAllPorts, releasePort } from './ports.ts';

let folder: string;
let other: Server | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-ports-'));
  process.env.QD_CACHE = join(folder, 'cache');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  other?.close();
  other = undefined;
  releaseAllPorts();
});

const occupy = (port: number) =>
  new Promise<void>((resolve) => {
    other = createServer().listen(port, '127.0.0.1', resolve);
  });

test('a port that somebody listens on is not free, and another is taken', async () => {
  const port = await choosePort();
  releasePort(port);
  await occupy(port);
  expect(await isPortFree(port)).toBe(false);
  expect(await choosePort(port)).not.toBe(port);
});

test('a reserved port is not given twice until it is released', async () => {
  const port = await choosePort();
  expect(await choosePort(port)).not.toBe(port);
  releasePort(port);
  expect(await choosePort(port)).toBe(port);
});

test('a stack gets its ports of the last start again, and the wanted one where it is free', async () => {
  const file = join(folder, 'ports.json');
  const first = await openPortBook(file).choose('console');
  releaseAllPorts();
  expect(await openPortBook(file).choose('console')).toBe(first);
  releaseAllPorts();
  const wanted = await choosePort();
  releasePort(wanted);
  expect(await openPortBook(file).choose('console', wanted, first)).toBe(wanted);
  const second = await openPortBook(file).choose('console', wanted, first);
  expect(second).toBe(first);
});
