import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '#deploy/local/folders.ts';
import { releaseAllPorts } from '#deploy/local/ports.ts';
import { stopAllChildren } from '#deploy/local/process/child.ts';
import { dismissGuardian } from '#deploy/local/process/guardian.ts';
import { runTool } from '#deploy/local/process/run-tool.ts';
import { addCounts, type Counts, summaryLine } from './all/counts.ts';
import { type Stage, stagesIn } from './all/stages.ts';

const shownLines = 400;
const reports = join(repositoryRoot, '.cache/test-reports');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const stages = stagesIn(reports);
const names = Object.keys(stages);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no stage ${unknown.join(', ')}. Usage: npm test [-- STAGE …]; stages: ${names.join(', ')}\n`,
  );
  process.exit(2);
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const results: Counts[] = [];

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, async () => {
    await stopAllChildren();
    await dismissGuardian();
    process.exit(1);
  });
}

async function run(stage: Stage): Promise<void> {
  if (wanted.length > 0 && !wanted.includes(stage.name)) return;
  if (stage.commands.length === 0) return say(`- ${stage.name}: there is none yet`);
  const began = Date.now();
  const logFile = join(reports, `${stage.name}.log`);
  let trouble: string | undefined;
  try {
    for (const args of stage.commands) {
      const env = { ...process.env, CI: '1', NO_COLOR: '1', FORCE_COLOR: undefined, ...stage.env };
      await runTool({
        name: stage.name,
        command: process.execPath,
        args,
        cwd: repositoryRoot,
        env,
        logFile,
        timeoutMs: stage.timeoutMs,
        graceMs: 30_000,
      });
    }
  } catch (error) {
    trouble = (error as Error).message.split(': ')[0];
  }
  const counts = stage.count(trouble === undefined);
  results.push(counts);
  const tests = counts.passed > 0 ? `, ${summaryLine(counts)}` : '';
  const took = `${((Date.now() - began) / 1000).toFixed(1)} s`;
  say(`${trouble || counts.failed > 0 ? '✗' : '✓'} ${stage.name} (${took}${tests})`);
  if (!trouble) return;
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n');
  const shown = lines.length > shownLines ? [`… (all of it in ${logFile})`, ...lines.slice(-shownLines)] : lines;
  say(`${shown.map((line) => `    ${line}`).join('\n')}\n    ${trouble}`);
}

async function inOrder(...lane: readonly Stage[]): Promise<void> {
  for (const stage of lane) await run(stage);
}

// What is slow and what needs the machine to itself decide the order: the build runs beside the quick checks, tests of
// real processes run alone.
await run(stages.generate);
await Promise.all([inOrder(stages.lint, stages.typecheck, stages.unit), inOrder(stages.engines, stages.build)]);
await run(stages.integration);
await run(stages.e2e);

releaseAllPorts();
await dismissGuardian();
const total = addCounts(results);
say(`\n${summaryLine(total)}`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
