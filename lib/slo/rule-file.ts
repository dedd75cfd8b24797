import { chmod, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The only file in `RULES_DIR` that is ours. */
export const ruleFileName = 'quarterdeck-slo.yml';

/** Readable for Prometheus, whoever it runs as. */
const readable = 0o644;

/** The rule file as it is; null where there is none. */
export async function readRuleFile(folder: string): Promise<string | null> {
  try {
    return await readFile(join(folder, ruleFileName), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Replaces the rule file at once: whoever reads it finds the old or the new one, also after a crash. `check` may look
 * at the text under another name before; what it throws leaves the old one.
 */
export async function writeRuleFile(
  folder: string,
  text: string,
  check?: (file: string) => Promise<void>,
): Promise<void> {
  // Not `*.yml`: a pattern of rule files must not find it.
  const temporary = join(folder, `.${ruleFileName}.${process.pid}.new`);
  try {
    const file = await open(temporary, 'w', readable);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(temporary, readable);
    await check?.(temporary);
    await rename(temporary, join(folder, ruleFileName));
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Takes the rule file away: there was none before. */
export async function removeRuleFile(folder: string): Promise<void> {
  await rm(join(folder, ruleFileName), { force: true });
}

/** Why a file cannot be written, in words. */
export function fileTrouble(error: unknown, folder: string): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const why =
    {
      ENOENT: 'there is no such folder',
      ENOTDIR: 'it is not a folder',
      EACCES: 'this process may not write there',
      EPERM: 'this process may not write there',
      EROFS: 'it is on a file system that is read only',
      ENOSPC: 'there is no space left',
    }[code ?? ''] ?? `${code ?? 'it failed'}`;
  return `The rule file cannot be written to ${folder} (RULES_DIR): ${why}.`;
}
