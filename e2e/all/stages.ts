import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '#deploy/local/folders.ts';
import { type Counts, countPlaywright, countStage, countVitest } from './counts.ts';

export type Stage = {
  name: string;
  /** Commands of Node, run one after the other until one fails. */
  commands: readonly (readonly string[])[];
  env?: Record<string, string>;
  timeoutMs: number;
  count(exitedWell: boolean): Counts;
};

const program = (path: string) => join(repositoryRoot, 'node_modules', path);
const minuteMs = 60_000;

function vitest(project: string, reports: string, timeoutMs: number, ...more: string[]): Stage {
  const report = join(reports, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return {
    name: project,
    commands: [[program('vitest/vitest.mjs'), 'run', '--project', project, ...reporters, ...more]],
    timeoutMs,
    count: (exitedWell) => countVitest(report, exitedWell),
  };
}

/** Every stage by name; `reports` is an empty folder. */
export function stagesIn(reports: string) {
  const e2eReport = join(reports, 'e2e.json');
  const tsc = program('typescript/bin/tsc');
  return {
    generate: {
      name: 'generate',
      commands: [[join(repositoryRoot, 'prisma/generate.ts')]],
      timeoutMs: 2 * minuteMs,
      count: countStage,
    },
    lint: {
      name: 'lint',
      commands: [[program('@biomejs/biome/bin/biome'), 'check', '.']],
      timeoutMs: 2 * minuteMs,
      count: countStage,
    },
    typecheck: {
      name: 'typecheck',
      commands: [
        [tsc, '--noEmit'],
        [tsc, '--noEmit', '-p', 'services'],
      ],
      timeoutMs: 5 * minuteMs,
      count: countStage,
    },
    unit: vitest('unit', reports, 10 * minuteMs),
    engines: {
      name: 'engines',
      commands: [[join(repositoryRoot, 'deploy/local/engines/fetch-all.ts')]],
      timeoutMs: 6 * minuteMs,
      count: countStage,
    },
    build: {
      name: 'build',
      commands: [[join(repositoryRoot, 'deploy/local/console-build.ts')]],
      timeoutMs: 15 * minuteMs,
      count: countStage,
    },
    // These wait more than they compute: for scrapes, for leases, for processes that start.
    integration: vitest('integration', reports, 15 * minuteMs, '--maxWorkers=2'),
    e2e: {
      name: 'e2e',
      commands: existsSync(join(repositoryRoot, 'e2e/run-e2e.ts')) ? [[join(repositoryRoot, 'e2e/run-e2e.ts')]] : [],
      env: { E2E_REPORT: e2eReport },
      timeoutMs: 25 * minuteMs,
      count: (exitedWell: boolean) => countPlaywright(e2eReport, exitedWell),
    },
  } satisfies Record<string, Stage>;
}
