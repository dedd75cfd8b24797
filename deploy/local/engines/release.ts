import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { runTool } from '../process/run-tool.ts';
import type { EngineRelease } from './catalog.ts';

/** Finds the checksum of one file in a sha256sums.txt. */
export function checksumOf(sums: string, file: string): string | undefined {
  for (const line of sums.split('\n')) {
    const match = /^([0-9a-f]{64})\s+\*?(.+?)\s*$/i.exec(line);
    if (match?.[2] === file) return match[1]?.toLowerCase();
  }
  return undefined;
}

async function get(url: string, timeoutMs: number): Promise<Response> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw new Error(`answered ${response.status}`);
    return response;
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    throw new Error(`${url}: ${cause?.code ?? message}`);
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/**
 * Unpacks an official release into `target` after its checksum was verified. Throws in words when there is none for
 * this machine, when it cannot be fetched, or when the checksum is not the expected one; nothing is unpacked then.
 */
export async function unpackRelease(release: EngineRelease, target: string): Promise<void> {
  const platform = `${process.platform}-${process.arch}`;
  const archive = release.archives[platform];
  if (!archive) throw new Error(`there is no official release for ${platform}`);
  const expected =
    release.sha256[archive] ?? checksumOf(await (await get(`${release.base}sha256sums.txt`, 20_000)).text(), archive);
  if (!expected) throw new Error(`sha256sums.txt of the release does not list ${archive}`);
  const file = `${target}.tar.gz`;
  const draft = `${target}.new`;
  mkdirSync(dirname(target), { recursive: true });
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft);
  try {
    const response = await get(`${release.base}${archive}`, 240_000);
    if (!response.body) throw new Error(`${archive} is empty`);
    await pipeline(
      Readable.fromWeb(response.body as import('node:stream/web').ReadableStream),
      createWriteStream(file),
    );
    const actual = await sha256(file);
    if (actual !== expected) throw new Error(`${archive} has checksum ${actual}, expected ${expected}: not used`);
    await runTool({
      name: 'tar',
      command: 'tar',
      args: ['-xzf', file, '-C', draft, '--strip-components=1'],
      env: { PATH: process.env.PATH },
    });
    rmSync(target, { recursive: true, force: true });
    renameSync(draft, target);
  } finally {
    rmSync(file, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}
