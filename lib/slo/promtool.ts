import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { once } from '#lib/core/registry.ts';

const longestMs = 60_000;

/** `promtool` on PATH; null where it is not there. */
async function findPromtool(): Promise<string | null> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, 'promtool');
    if (
      folder &&
      (await access(file, constants.X_OK).then(
        () => true,
        () => false,
      ))
    )
      return file;
  }
  return null;
}

/** What `promtool check rules` says against a file, line by line; null where it says nothing or is not there. */
export async function objectionOfPromtool(file: string): Promise<string[] | null> {
  const promtool = await once('slo.promtool', findPromtool);
  if (!promtool) return null;
  try {
    await promisify(execFile)(promtool, ['check', 'rules', '--lint=none', file], {
      timeout: longestMs,
      maxBuffer: 16 * 1024 * 1024,
    });
    return null;
  } catch (error) {
    const { code, stderr = '', stdout = '' } = error as { code?: unknown; stderr?: string; stdout?: string };
    // Killed, or not to be started: that says nothing about the file.
    if (typeof code !== 'number') return null;
    const lines = `${stderr}\n${stdout}`
      .split('\n')
      .map((line) => line.replaceAll(file, '').trim())
      .filter((line) => line && !/^(?:Checking|SUCCESS|FAILED:?)\b/.test(line));
    return lines.length > 0 ? lines : ['promtool refuses the file without saying why'];
  }
}
