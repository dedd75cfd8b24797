import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { repositoryRoot } from './folders.ts';
import { renderAlertmanager, renderPrometheus } from './monitoring.ts';

const template = readFileSync(join(repositoryRoot, 'deploy/monitoring/prometheus.yml'), 'utf8');
const addresses = {
  supervisor: '127.0.0.1:1',
  console: '127.0.0.1:2',
  worker: '127.0.0.1:3',
  receiver: '127.0.0.1:4',
  prometheus: '127.0.0.1:5',
  alertmanager: '127.0.0.1:6',
};

test('every address and token file of the file is replaced by those of the stack', () => {
  const rendered = renderPrometheus(template, addresses, '/run/token', '/rules/*.yml');
  const { scrape_configs: jobs, alerting, rule_files: rules } = parse(rendered);
  expect(rules).toEqual(['/rules/*.yml']);
  expect(alerting.alertmanagers[0].static_configs[0].targets).toEqual(['127.0.0.1:6']);
  const targets = Object.fromEntries(
    // biome-ignore lint/suspicious/noExplicitAny: parsed YAML
    jobs.map((job: any) => [job.job_name, job.static_configs?.[0].targets[0] ?? job.http_sd_configs[0]]),
  );
  expect(targets).toMatchObject({
    fleet: {
      url: 'http://127.0.0.1:1/sd/prometheus',
      refresh_interval: '5s',
      authorization: { credentials_file: '/run/token' },
    },
    'quarterdeck-supervisor': '127.0.0.1:1',
    'quarterdeck-console': '127.0.0.1:2',
    'quarterdeck-worker': '127.0.0.1:3',
    'quarterdeck-receiver': '127.0.0.1:4',
    prometheus: '127.0.0.1:5',
    alertmanager: '127.0.0.1:6',
  });
  expect(rendered).not.toContain('credentials_file: metrics-token');
});

test('a scrape job that the stack does not know is refused by name', () => {
  const more = `${template}\n  - job_name: stranger\n    static_configs: []\n`;
  expect(() => renderPrometheus(more, addresses, 't', 'r')).toThrow('"stranger" is not known');
});

test('Alertmanager is given the console and the file of its token, and keeps everything else', () => {
  const own = readFileSync(join(repositoryRoot, 'deploy/monitoring/alertmanager.yml'), 'utf8');
  const rendered = parse(renderAlertmanager(own, 'http://127.0.0.1:7/', '/run/hook-token'));
  const original = parse(own);
  const webhookOf = ({ receivers }: { receivers: { name: string; webhook_configs?: unknown[] }[] }) =>
    receivers.find(({ name }) => name === 'quarterdeck')?.webhook_configs?.[0];
  expect(webhookOf(rendered)).toMatchObject({
    url: 'http://127.0.0.1:7/api/hooks/alertmanager',
    send_resolved: true,
    http_config: { authorization: { type: 'Bearer', credentials_file: '/run/hook-token' } },
  });
  expect(rendered.route).toEqual(original.route);
  expect(rendered.receivers).toHaveLength(original.receivers.length);
  expect(() => renderAlertmanager('receivers: [{name: nobody}]', 'http://x', 't')).toThrow('no webhook');
});
