import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findEngine } from '../engines.ts';
import { repositoryRoot } from '../folders.ts';
import { renderAlertmanager } from '../monitoring.ts';
import { external as fromEnvironment } from '../stack/external.ts';
import type { Part } from '../stack/part.ts';
import { answers, startService } from '../stack/service.ts';
import type { Stack } from '../stack/stack.ts';

/** Writes the configuration of this stack; the file that it is made from stands on its own in deploy/monitoring. */
function writeConfiguration({ data, secrets, urls }: Stack): string {
  const tokenFile = data.at('run', 'hook-token');
  writeFileSync(tokenFile, secrets.hook, { mode: 0o600 });
  const file = data.at('run', 'alertmanager.yml');
  const template = readFileSync(join(repositoryRoot, 'deploy/monitoring/alertmanager.yml'), 'utf8');
  writeFileSync(file, renderAlertmanager(template, urls.console, tokenFile), { mode: 0o600 });
  return file;
}

export const alertmanager: Part = {
  name: 'alertmanager',
  title: 'Alertmanager',
  description: 'Groups, silences and routes alerts.',
  variable: 'ALERTMANAGER_URL',
  after: [],
  patience: 'is being fetched …',
  start: async (stack) => {
    const { external, urls, data, ports, cache } = stack;
    if (external.alertmanagerUrl) return fromEnvironment('ALERTMANAGER_URL', external.alertmanagerUrl, '/-/ready');
    const engine = await findEngine('alertmanager', cache);
    const child = await startService(stack, {
      name: 'alertmanager',
      command: engine.program,
      args: [
        `--config.file=${writeConfiguration(stack)}`,
        `--storage.path=${data.at('alertmanager')}`,
        `--web.listen-address=127.0.0.1:${ports.alertmanager}`,
        '--cluster.listen-address=',
      ],
      cwd: engine.cwd,
      env: { PATH: process.env.PATH, ...engine.env },
      trouble: answers(`${urls.alertmanager}/-/ready`),
    });
    return { kind: 'running', version: engine.version, origin: engine.origin, address: urls.alertmanager, child };
  },
};
