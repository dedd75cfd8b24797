import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRotatedLog } from './rotated-log.ts';

test('a log is moved aside when it is full, three old ones are kept, and nobody else can read it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-log-'));
  try {
    const log = openRotatedLog(join(folder, 'part.log'));
    const chunk = `${'x'.repeat(1024 * 1024 - 1)}\n`;
    for (let written = 0; written < 28; written += 1) await new Promise((resolve) => log.write(chunk, resolve));
    await new Promise((resolve) => log.end(resolve));
    expect(readdirSync(folder).sort()).toEqual(['part.log', 'part.log.1', 'part.log.2', 'part.log.3']);
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(6 * 1024 * 1024);
      expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
