import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { findOnPath } from '#deploy/local/engines/probe.ts';
import { companion, findEngine } from '#deploy/local/engines.ts';
import { cacheFolder } from '#deploy/local/folders.ts';

const run = promisify(execFile);

export interface Promtool {
  file: string;
  version: string;
}

/** Where programs that are built for tests lie, beside those of the distribution. */
export function findBackend(name: string): string | undefined {
  const home = process.env.QUARTERDECK_BACKENDS ?? join(homedir(), '.cache/quarterdeck-backends');
  const built = join(home, 'bin', name);
  return existsSync(built) ? built : findOnPath([name]);
}

/** Every promtool that is here, the oldest first: at least the one beside the engine that tests use. */
export async function findPromtools(): Promise<Promtool[]> {
  const engines = join(cacheFolder(), 'engines');
  const unpacked = existsSync(engines)
    ? readdirSync(engines).flatMap((folder) => ['usr/bin', '.'].map((bin) => join(engines, folder, bin, 'promtool')))
    : [];
  const candidates = [companion(await findEngine('prometheus'), 'promtool'), findBackend('promtool'), ...unpacked];
  const files = new Set(candidates.flatMap((file) => (file && existsSync(file) ? [realpathSync(file)] : [])));
  const found: Promtool[] = [];
  for (const file of files) {
    const { stdout, stderr } = await run(file, ['--version']);
    found.push({ file, version: /version (\d+\.\d+\.\d+)/.exec(stdout + stderr)?.[1] ?? 'unknown' });
  }
  return found.sort((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }));
}

/** Runs promtool over files; what it says, with whether it was content. */
export async function promtool({ file }: Promtool, args: string[]): Promise<{ ok: boolean; said: string }> {
  try {
    const { stdout, stderr } = await run(file, args, { maxBuffer: 64 * 1024 * 1024 });
    return { ok: true, said: stdout + stderr };
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string };
    return { ok: false, said: stdout + stderr || message };
  }
}

/** A stretch of a counter: so much per step, over so many steps; `gap` has no samples, `reset` begins at 0 again. */
export type Stretch = { steps: number; perStep: number; reset?: boolean } | { steps: number; gap: true };

/** The values of a counter as test files write them. */
export function counter(...stretches: Stretch[]): string {
  let value = 0;
  let isFirst = true;
  const parts = stretches
    .filter(({ steps }) => steps > 0)
    .map((stretch) => {
      if ('gap' in stretch) return `_x${stretch.steps}`;
      if (stretch.reset || isFirst) value = 0;
      const start = stretch.reset || isFirst ? value : value + stretch.perStep;
      isFirst = false;
      value = start + stretch.perStep * (stretch.steps - 1);
      return stretch.steps === 1 ? `${start}` : `${start}+${stretch.perStep}x${stretch.steps - 1}`;
    });
  return parts.join(' ');
}

export interface RuleTest {
  name: string;
  /** Between samples, and between evaluations. */
  intervalSeconds: number;
  evaluationSeconds?: number;
  series: Record<string, string>;
  /** PromQL at a time and the values that it must give, without their labels; `[]`: nothing. */
  expect: { atSeconds: number; query: string; values: number[] }[];
  alerts?: {
    atSeconds: number;
    name: string;
    alerts: { labels: Record<string, string>; annotations: Record<string, string> }[];
  }[];
}

/** Has promtool evaluate rules over series, and returns what it objects to; empty where all is as expected. */
export async function testRules(
  tool: Promtool,
  ruleFiles: Record<string, string>,
  tests: readonly RuleTest[],
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  try {
    for (const [name, text] of Object.entries(ruleFiles)) writeFileSync(join(folder, name), text);
    const files = tests.map((test, index) => {
      const file = join(folder, `test-${index}.yml`);
      writeFileSync(file, testFile(ruleFiles, test));
      return file;
    });
    const { ok, said } = await promtool(tool, ['test', 'rules', ...files]);
    if (ok) return '';
    return files.reduce((text, file, index) => text.replaceAll(file, tests[index]?.name ?? file), said);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const groupNames = (text: string) => (parse(text) as { groups: { name: string }[] }).groups.map(({ name }) => name);

function testFile(ruleFiles: Record<string, string>, test: RuleTest): string {
  const { intervalSeconds, evaluationSeconds = intervalSeconds, series, expect, alerts = [] } = test;
  return stringify({
    rule_files: Object.keys(ruleFiles),
    evaluation_interval: `${evaluationSeconds}s`,
    // As they stand in the files: else promtool takes them in any order, and some a step late.
    group_eval_order: Object.values(ruleFiles).flatMap(groupNames),
    tests: [
      {
        name: test.name,
        interval: `${intervalSeconds}s`,
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: expect.map(({ atSeconds, query, values }) => ({
          // Without labels, so that only the values count; several are told apart by nothing else.
          expr: values.length <= 1 ? `sum(${query})` : query,
          eval_time: `${atSeconds}s`,
          exp_samples: values.map((value) => ({ labels: '{}', value })),
        })),
        alert_rule_test: alerts.map(({ atSeconds, name, alerts: found }) => ({
          eval_time: `${atSeconds}s`,
          alertname: name,
          exp_alerts: found.map(({ labels, annotations }) => ({ exp_labels: labels, exp_annotations: annotations })),
        })),
      },
    ],
  });
}
