import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sameToken } from './http.ts';
import { tailOfFile, tailOfLog } from './log-tail.ts';
import { createPartBoard } from './parts.ts';
import { createRegistry } from './registry.ts';
import { openState } from './state.ts';
import { parsePs, parseStatCpuSeconds, parseStatusMemoryBytes } from './usage.ts';

test('a registration that is not renewed is forgotten after its time to live', () => {
  let now = 0;
  const registry = createRegistry(() => now, 10_000);
  const one = { instanceId: 'order-1', host: '127.0.0.1', port: 1, version: '1', ready: true };
  registry.heartbeat('order', one);
  now = 9_999;
  expect(registry.all()).toEqual({ order: [one] });
  registry.heartbeat('order', { ...one, ready: false });
  now = 19_998;
  expect(registry.all()).toEqual({ order: [{ ...one, ready: false }] });
  now = 19_999;
  expect(registry.all()).toEqual({});
});

test('processor time and memory are read from /proc, whatever the name of the command', () => {
  const stat = '42 (a (strange) name) S 1 42 42 0 -1 4194304 1 0 0 0 250 50 0 0 20 0 11 0 12345 0 0';
  expect(parseStatCpuSeconds(stat)).toBe(3);
  expect(parseStatusMemoryBytes('Name:\tnode\nVmRSS:\t   2048 kB\n')).toBe(2_097_152);
  expect(parseStatusMemoryBytes('')).toBe(0);
});

test('processor time and memory are read from ps', () => {
  expect([...parsePs('  12  2048 1:02.50\n 13 1 1-00:00:01\nnonsense\n')]).toEqual([
    [12, { cpuSeconds: 62.5, memoryBytes: 2_097_152 }],
    [13, { cpuSeconds: 86_401, memoryBytes: 1024 }],
  ]);
});

test('the end of a log is read across its rotation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-tail-'));
  const file = join(folder, 'a.log');
  writeFileSync(`${file}.1`, 'one\ntwo\n');
  writeFileSync(file, 'three\nfour\n');
  expect(tailOfLog(file, 1)).toEqual(['four']);
  expect(tailOfLog(file, 3)).toEqual(['two', 'three', 'four']);
  expect(tailOfLog(file, 50)).toEqual(['one', 'two', 'three', 'four']);
  expect(tailOfLog(join(folder, 'none.log'), 5)).toEqual([]);
  const many = Array.from({ length: 20_000 }, (_, index) => `line ${index} äöü`);
  writeFileSync(file, `${many.join('\n')}\n`);
  expect(tailOfFile(file, 12_345)).toEqual(many.slice(-12_345));
  rmSync(folder, { recursive: true });
});

test('desired replicas and ports survive, and a damaged file is no obstacle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-state-'));
  const file = join(folder, 'deep', 'state.json');
  const first = openState(file);
  first.setDesired('order', 3);
  first.setPort('order-1', 20_001);
  expect(openState(file).desired('order')).toBe(3);
  expect(openState(file).port('order-1')).toBe(20_001);
  writeFileSync(file, '{"desired": {"order": -1');
  expect(openState(file).desired('order')).toBeUndefined();
  rmSync(folder, { recursive: true });
});

test('tokens are compared whole, whatever their length', () => {
  expect(sameToken('abc', 'abc')).toBe(true);
  expect(sameToken('abc', 'abcd')).toBe(false);
  expect(sameToken('', 'abc')).toBe(false);
});

test('what the demo said of its parts is stale once it has been silent', () => {
  let now = 1_000;
  const board = createPartBoard(() => now);
  expect(board.read()).toEqual({ items: [], postedAt: null, stale: true });
  board.post([]);
  now += 20_000;
  expect(board.read().stale).toBe(false);
  now += 1;
  expect(board.read().stale).toBe(true);
});
