import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export type Counts = { passed: number; failed: number };

type VitestReport = { numPassedTests: number; numFailedTests: number; success: boolean };
type PlaywrightReport = { stats: { expected: number; unexpected: number; flaky: number }; errors?: unknown[] };

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** What vitest's JSON report says. A run that failed without a failed test (a file that does not load) counts as one. */
export function countVitest(file: string, exitedWell: boolean): Counts {
  const report = readJson<VitestReport>(file);
  const counts = { passed: report?.numPassedTests ?? 0, failed: report?.numFailedTests ?? 0 };
  return exitedWell || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

/** What Playwright's JSON reports say: `file` itself and those beside it that continue its name (`e2e-shared.json`). */
export function countPlaywright(file: string, exitedWell: boolean): Counts {
  const counts = { passed: 0, failed: 0 };
  const stem = basename(file, '.json');
  for (const name of readdirSync(dirname(file)).filter((one) => one.startsWith(stem) && one.endsWith('.json'))) {
    const report = readJson<PlaywrightReport>(join(dirname(file), name));
    if (!report) continue;
    counts.passed += report.stats.expected + report.stats.flaky;
    counts.failed += report.stats.unexpected;
  }
  return exitedWell || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

/** A stage without tests of its own: nothing when it went well, else one failure. */
export function countStage(exitedWell: boolean): Counts {
  return { passed: 0, failed: exitedWell ? 0 : 1 };
}

export function addCounts(all: readonly Counts[]): Counts {
  return all.reduce((sum, one) => ({ passed: sum.passed + one.passed, failed: sum.failed + one.failed }), {
    passed: 0,
    failed: 0,
  });
}

/** The one line that everything ends with. */
export function summaryLine({ passed, failed }: Counts): string {
  return `${passed} passed, ${failed} failed`;
}
