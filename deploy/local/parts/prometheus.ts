import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findEngine } from '../engines.ts';
import { repositoryRoot } from '../folders.ts';
import { renderPrometheus } from '../monitoring.ts';
import { external as fromEnvironment } from '../stack/external.ts';
import type { Part } from '../stack/part.ts';
import { answers, startService } from '../stack/service.ts';
import type { Stack } from '../stack/stack.ts';

/** Writes the configuration of this stack; the file that it is made from stands on its own in deploy/monitoring. */
function writeConfiguration({ data, ports, secrets, urls }: Stack): string {
  const tokenFile = data.at('run', 'metrics-token');
  writeFileSync(tokenFile, secrets.metrics, { mode: 0o600 });
  const file = data.at('run', 'prometheus.yml');
  const hostOf = (url: string) => new URL(url).host;
  const rendered = renderPrometheus(
    readFileSync(join(repositoryRoot, 'deploy/monitoring/prometheus.yml'), 'utf8'),
    {
      supervisor: hostOf(urls.supervisor),
      console: hostOf(urls.console),
      worker: `127.0.0.1:${ports.worker}`,
      receiver: hostOf(urls.otlp),
      prometheus: hostOf(urls.prometheus),
      alertmanager: hostOf(urls.alertmanager),
    },
    tokenFile,
    data.at('rules', '*.yml'),
  );
  writeFileSync(file, rendered, { mode: 0o600 });
  return file;
}

export const prometheus: Part = {
  name: 'prometheus',
  title: 'Prometheus',
  description: 'Metrics, rules and alerts.',
  variable: 'PROMETHEUS_URL',
  after: ['history'],
  patience: 'is being fetched …',
  start: async (stack) => {
    const { external, urls, data, ports, cache } = stack;
    if (external.prometheusUrl) {
      return fromEnvironment(
        'PROMETHEUS_URL',
        external.prometheusUrl,
        '/api/v1/query?query=1',
        process.env.PROMETHEUS_TOKEN,
      );
    }
    const engine = await findEngine('prometheus', cache);
    const child = await startService(stack, {
      name: 'prometheus',
      command: engine.program,
      args: [
        `--config.file=${writeConfiguration(stack)}`,
        `--storage.tsdb.path=${data.at('prometheus')}`,
        '--storage.tsdb.retention.time=40d',
        `--web.listen-address=127.0.0.1:${ports.prometheus}`,
        '--web.enable-lifecycle',
        '--enable-feature=exemplar-storage',
      ],
      cwd: engine.cwd,
      env: { PATH: process.env.PATH, ...engine.env },
      graceMs: 10_000,
      trouble: answers(`${urls.prometheus}/-/ready`),
    });
    return { kind: 'running', version: engine.version, origin: engine.origin, address: urls.prometheus, child };
  },
};
