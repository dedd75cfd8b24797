import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { findEngine } from '../engines.ts';
import { repositoryRoot } from '../folders.ts';
import { external as fromEnvironment } from '../stack/external.ts';
import type { Part } from '../stack/part.ts';
import { answers, startService } from '../stack/service.ts';

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
    const config = data.at('run', 'alertmanager.yml');
    copyFileSync(join(repositoryRoot, 'deploy/monitoring/alertmanager.yml'), config);
    const child = await startService(stack, {
      name: 'alertmanager',
      command: engine.program,
      args: [
        `--config.file=${config}`,
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
