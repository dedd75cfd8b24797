import { isSeq, parseDocument, type YAMLMap } from 'yaml';

export type ScrapeAddresses = Record<
  'supervisor' | 'console' | 'worker' | 'receiver' | 'prometheus' | 'alertmanager',
  string
>;

/**
 * The Prometheus configuration of one stack: the given file with its addresses, token file and rule files replaced.
 * Throws when a scrape job of the file is not one that we know how to address.
 */
export function renderPrometheus(
  template: string,
  addresses: ScrapeAddresses,
  tokenFile: string,
  rules: string,
): string {
  const document = parseDocument(template);
  document.setIn(['rule_files'], [rules]);
  document.setIn(['alerting', 'alertmanagers', 0, 'static_configs', 0, 'targets'], [addresses.alertmanager]);
  const jobs = document.getIn(['scrape_configs']);
  if (!isSeq<YAMLMap>(jobs)) throw new Error('prometheus.yml has no list of scrape_configs.');
  for (const job of jobs.items) {
    const name = String(job.get('job_name'));
    if (job.has('authorization')) job.setIn(['authorization', 'credentials_file'], tokenFile);
    if (name === 'fleet') {
      job.setIn(['http_sd_configs', 0, 'url'], `http://${addresses.supervisor}/sd/prometheus`);
      job.setIn(['http_sd_configs', 0, 'authorization', 'credentials_file'], tokenFile);
      continue;
    }
    const address = addresses[name.replace('quarterdeck-', '') as keyof ScrapeAddresses];
    if (!address) throw new Error(`prometheus.yml: the scrape job "${name}" is not known to the one-machine stack.`);
    job.setIn(['static_configs', 0, 'targets'], [address]);
  }
  return document.toString();
}

/**
 * The Alertmanager configuration of one stack: the given file, with its console and the file of its token. Throws when
 * the file has no receiver for the console.
 */
export function renderAlertmanager(template: string, consoleUrl: string, tokenFile: string): string {
  const document = parseDocument(template);
  const receivers = document.getIn(['receivers']);
  const index = isSeq<YAMLMap>(receivers) ? receivers.items.findIndex((one) => one.get('name') === 'quarterdeck') : -1;
  const webhook = ['receivers', index, 'webhook_configs', 0];
  if (index < 0 || !document.hasIn(webhook))
    throw new Error('alertmanager.yml has no webhook of a receiver "quarterdeck".');
  document.setIn([...webhook, 'url'], `${consoleUrl.replace(/\/+$/, '')}/api/hooks/alertmanager`);
  document.setIn([...webhook, 'http_config', 'authorization', 'credentials_file'], tokenFile);
  return document.toString();
}
