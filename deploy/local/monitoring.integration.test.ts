import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isMap, parse, parseDocument, stringify } from 'yaml';
import { findAlertmanagers } from '#lib/adapters/alertmanager/testing/real-alertmanager.ts';
import { companion, type Engine, findEngine } from './engines.ts';
import { repositoryRoot, temporaryRoot } from './folders.ts';
import { renderAlertmanager } from './monitoring.ts';

const run = promisify(execFile);
const monitoring = join(repositoryRoot, 'deploy/monitoring');
const own = readFileSync(join(monitoring, 'alertmanager.yml'), 'utf8');
const receiver = (text: string) => parse(text) as { name: string }[];
/** The samples of the README: each replaces a receiver. */
const samples = [
  ...readFileSync(join(monitoring, 'README.md'), 'utf8').matchAll(/```yaml\n(- name: [\s\S]*?)```/g),
].map(([, text = '']) => text);

let folder: string;
let prometheus: Engine;
const amtools: { version: string; program: string; env: Record<string, string>; cwd?: string }[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(temporaryRoot(undefined), 'quarterdeck-monitoring-'));
  prometheus = await findEngine('prometheus');
  for (const engine of await findAlertmanagers()) {
    const program = companion(engine as Engine, 'amtool');
    if (program) amtools.push({ ...engine, program });
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function amtool(text: string, ...args: string[]): Promise<string> {
  const file = join(folder, 'alertmanager.yml');
  writeFileSync(file, text);
  let said = '';
  for (const { program, env, cwd } of amtools) {
    const asked = args.length > 0 ? [...args, `--config.file=${file}`] : ['check-config', file];
    const [first = '', ...rest] = asked;
    // amtool reads flags of a command wherever they stand.
    said = (await run(program, [first, ...rest], { env: { ...process.env, ...env }, cwd })).stdout;
  }
  return said.trim();
}

test('promtool takes prometheus.yml', async () => {
  const promtool = companion(prometheus, 'promtool') ?? '';
  copyFileSync(join(monitoring, 'prometheus.yml'), join(folder, 'prometheus.yml'));
  writeFileSync(join(folder, 'metrics-token'), 'x');
  const { stdout } = await run(promtool, ['check', 'config', join(folder, 'prometheus.yml')], {
    env: { ...process.env, ...prometheus.env },
    cwd: prometheus.cwd,
  });
  expect(stdout).toContain('SUCCESS');
});

describe('amtool', () => {
  test('is there', () => {
    process.stdout.write(
      `alertmanager.yml is checked by amtool ${amtools.map(({ version }) => version).join(' and ')}\n`,
    );
    expect(amtools.length).toBeGreaterThan(0);
  });

  test('takes alertmanager.yml, as it is and as the one-machine stack renders it', async () => {
    expect(await amtool(own)).toContain('SUCCESS');
    expect(await amtool(renderAlertmanager(own, 'http://127.0.0.1:1', '/run/hook-token'))).toContain('SUCCESS');
  });

  test('takes it with each of the samples for receivers', async () => {
    expect(samples.length).toBeGreaterThanOrEqual(5);
    for (const sample of samples) {
      const [given] = receiver(sample);
      const document = parseDocument(own);
      const receivers = document.toJS().receivers as { name: string }[];
      const index = receivers.findIndex(({ name }) => name === given?.name);
      expect([given?.name, index]).toEqual([given?.name, expect.toSatisfy((at: number) => at >= 0)]);
      document.setIn(['receivers', index], given);
      expect(isMap(document.contents)).toBe(true);
      expect(await amtool(stringify(document.toJS()))).toContain('SUCCESS');
    }
  });

  test.each([
    ['severity=page service=order slo=order-availability alertname=SLOBurnRate', 'quarterdeck,pager'],
    ['severity=critical alertname=NodeDown', 'quarterdeck,pager'],
    ['severity=ticket service=order slo=order-latency', 'quarterdeck,chat'],
    ['severity=warning', 'quarterdeck,chat'],
    ['severity=info', 'quarterdeck'],
    ['alertname=Watchdog severity=none', 'quarterdeck,dead-mans-switch'],
  ])('routes %s to %s', async (labels, receivers) => {
    expect(await amtool(own, 'config', 'routes', 'test', ...labels.split(' '))).toBe(receivers);
  });
});
