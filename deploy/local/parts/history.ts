import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { companion, findEngine } from '../engines.ts';
import { repositoryRoot } from '../folders.ts';
import type { Generated, HistoryOptions } from '../history/generate.ts';
import { readHistory, writeHistoryFile } from '../history/history-file.ts';
import { runTool } from '../process/run-tool.ts';
import type { Part } from '../stack/part.ts';
import { consoleEnvironment } from './console-environment.ts';

const longAgo = (iso: string) => iso.slice(0, 16).replace('T', ' ');

/** Thirty-five days before the first start, written into the database of Prometheus while it does not run yet. */
export const history: Part = {
  name: 'history',
  title: 'History',
  description: 'Generated metrics of 35 days, so that budgets and burn rates have something to stand on.',
  after: [],
  patience: 'is being generated …',
  start: async (stack) => {
    const { options, external, data, cache } = stack;
    const done = (origin: string) => ({ kind: 'done' as const, origin });
    if (external.prometheusUrl) return done('none is generated for a Prometheus of your own');
    const known = readHistory(data);
    if (known) return done(`generated ${longAgo(known.from)} to ${longAgo(known.until)} UTC`);
    if (!options.history) return done('left out (--no-history)');
    const database = data.at('prometheus');
    if (existsSync(database) && readdirSync(database).length > 0) return done('this Prometheus began without');
    const engine = await findEngine('prometheus', cache);
    const promtool = companion(engine, 'promtool');
    if (!promtool) return { kind: 'absent', origin: 'promtool is not beside Prometheus: it starts empty' };
    const wanted: HistoryOptions = {
      promtool,
      promtoolEnv: engine.env,
      database,
      file: data.at('run', 'history.om'),
      logFile: data.at('logs', 'history.log'),
      sloFolder: join(repositoryRoot, 'deploy/slos'),
      environment: stack.environment,
      requestsPerSecond: options.ratePerSecond,
      untilMs: Date.now(),
    };
    const said = await runTool({
      name: 'history',
      command: process.execPath,
      args: [join(repositoryRoot, 'deploy/local/history/main.ts'), JSON.stringify(wanted)],
      env: consoleEnvironment(stack),
      logFile: wanted.logFile,
      timeoutMs: 240_000,
    });
    const generated = JSON.parse(said.at(-1) ?? '') as Generated;
    writeHistoryFile(data, generated.history);
    return done(`35 days generated, ${Math.round(generated.samples / 1_000)} thousand samples`);
  },
};

/** Tells the console of the deploys in the generated past, as CI would have: each is recorded once. */
export const historyMarkers: Part = {
  name: 'history-markers',
  title: 'History markers',
  description: 'The deploys of the generated history.',
  after: ['console'],
  start: async ({ data, external, urls, secrets, environment }) => {
    const known = external.prometheusUrl || external.databaseUrl ? undefined : readHistory(data);
    for (const { service, at, version, title } of known?.releases ?? []) {
      const response = await fetch(`${urls.console}/api/hooks/changes`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secrets.hook}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          id: `generated-${service}-${at}`,
          kind: 'deploy',
          environment,
          services: [service],
          at,
          version,
          title,
          by: 'generated history',
          detail: 'Part of the generated history of the one-machine stack.',
        }),
      });
      if (!response.ok) throw new Error(`The console answers ${response.status}: ${await response.text()}`);
      await response.body?.cancel();
    }
    return { kind: 'done', origin: known ? `${known.releases.length} deploys` : 'there is none' };
  },
};
