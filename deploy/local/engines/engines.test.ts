import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EngineMissing } from '../engines.ts';
import { engineEntry } from './catalog.ts';
import { privateAptOptions } from './distribution.ts';
import { compareVersions, findOnPath, parseVersion } from './probe.ts';
import { checksumOf, unpackRelease } from './release.ts';
import { relativePath, relocate } from './relocate.ts';

test.each([
  ['prometheus, version 2.42.0+ds (branch: debian/sid)', '2.42.0'],
  ['alertmanager, version 0.28.1 (branch: HEAD, revision: b2099eaa)', '0.28.1'],
  ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64', '7.0.15'],
  ['nothing of the kind', undefined],
])('the version in %j is %s', (output, version) => {
  expect(parseVersion(output)).toBe(version);
});

test.each([
  ['2.42.0', '2.40.0', 1],
  ['0.9', '0.10', -1],
  ['3.5', '3.5.0', 0],
])('%s against %s', (left, right, sign) => {
  expect(Math.sign(compareVersions(left, right))).toBe(sign);
});

test('only programs that may be run are found on PATH, in the order of PATH', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-path-'));
  writeFileSync(join(folder, 'prometheus'), '');
  expect(findOnPath(['prometheus'], folder)).toBeUndefined();
  chmodSync(join(folder, 'prometheus'), 0o755);
  expect(findOnPath(['none', 'prometheus'], `/nowhere:${folder}`)).toBe(join(folder, 'prometheus'));
  rmSync(folder, { recursive: true });
});

test('checksums are read from a sha256sums.txt by exact name', () => {
  const sums = `${'a'.repeat(64)}  prometheus-3.5.0.linux-amd64.tar.gz\n${'b'.repeat(64)} *other.tar.gz\n`;
  expect(checksumOf(sums, 'prometheus-3.5.0.linux-amd64.tar.gz')).toBe('a'.repeat(64));
  expect(checksumOf(sums, 'other.tar.gz')).toBe('b'.repeat(64));
  expect(checksumOf(sums, 'linux-amd64.tar.gz')).toBeUndefined();
});

test('a release whose checksum is not the expected one is not unpacked', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-release-'));
  const archive = 'engine.tar.gz';
  const release = {
    version: '1',
    base: 'data:application/gzip,not-the-archive?',
    archives: { [`${process.platform}-${process.arch}`]: archive },
    sha256: { [archive]: 'a'.repeat(64) },
  };
  await expect(unpackRelease(release, join(folder, 'engine'))).rejects.toThrow(/expected a{64}: not used/);
  await expect(unpackRelease({ ...release, archives: {} }, join(folder, 'engine'))).rejects.toThrow(
    /no official release/,
  );
  rmSync(folder, { recursive: true });
});

test('a release is unpacked when its own list of checksums has the right one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-release-'));
  mkdirSync(join(folder, 'engine-1'));
  writeFileSync(join(folder, 'engine-1', 'engine'), 'the program', { mode: 0o755 });
  execFileSync('tar', ['-czf', 'engine.tar.gz', 'engine-1'], { cwd: folder });
  const archive = readFileSync(join(folder, 'engine.tar.gz'));
  const sums = `${createHash('sha256').update(archive).digest('hex')}  engine.tar.gz\n`;
  const server = createServer((request, response) => {
    response.end(request.url === '/v1/sha256sums.txt' ? sums : archive);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const target = join(folder, 'cache', 'engine');
  await unpackRelease(
    {
      version: '1',
      base: `http://127.0.0.1:${port}/v1/`,
      archives: { [`${process.platform}-${process.arch}`]: 'engine.tar.gz' },
      sha256: {},
    },
    target,
  );
  expect(readFileSync(join(target, 'engine'), 'utf8')).toBe('the program');
  server.close();
  rmSync(folder, { recursive: true });
});

test('a fixed folder is made relative without changing its length', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-relocate-'));
  const program = join(folder, 'program');
  writeFileSync(program, 'a/usr/share/x/ui b/usr/share/x c', { mode: 0o755 });
  relocate(program, '/usr/share/x');
  expect(readFileSync(program, 'utf8')).toBe('ausr//share/x/ui busr//share/x c');
  expect(relativePath('/usr/share/x')).toHaveLength('/usr/share/x'.length);
  rmSync(folder, { recursive: true });
});

describe('an engine that cannot be had', () => {
  test('is named with what was tried and the variable that supplies it', () => {
    const { message } = new EngineMissing(engineEntry('prometheus'), ['PATH: no prometheus', 'apt: no network']);
    expect(message).toBe(
      'Prometheus could not be had. Tried: PATH: no prometheus; apt: no network. ' +
        'Put prometheus on PATH, or set PROMETHEUS_URL to a running one.',
    );
  });
});

test('apt without root keeps its lists below the given folder', () => {
  expect(privateAptOptions('/c/apt')).toContain('Dir::State::lists=/c/apt/state/lists');
});
