import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium } from './browser.ts';
import { startDemo } from './fixtures/demo-process.ts';

// Two demos, one after the other: the tests of the first only read, or touch what they made; those of the second
// kill and stop its parts, one test at a time.
const root = join(import.meta.dirname, '..');
const chromium = await ensureChromium();
const report = process.env.E2E_REPORT;
const wanted = process.argv.slice(2);

function playwright(project: string, demoFile: string, reportFile: string | undefined): Promise<number> {
  const args = ['test', '--config', 'e2e/playwright.config.ts', '--project', project, ...wanted];
  const child = spawn(process.execPath, [join(root, 'node_modules/@playwright/test/cli.js'), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      E2E_DEMO: demoFile,
      E2E_CHROMIUM: chromium,
      ...(reportFile && { PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile }),
    },
  });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

let failed = 0;
for (const project of ['shared', 'destructive']) {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-e2e-'));
  // A source that hangs is given up soon, so that the tests need not wait for it.
  const demo = await startDemo(folder, { PROMETHEUS_TIMEOUT_SECONDS: '3' });
  try {
    const code = await playwright(project, demo.file, report?.replace(/(\.json)?$/, `-${project}.json`));
    if (code !== 0) failed = 1;
  } finally {
    const left = await demo.stop();
    if (left.length > 0) {
      process.stderr.write(`The demo left processes behind: ${left.join(', ')}\n`);
      failed = 1;
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
process.exit(failed);
