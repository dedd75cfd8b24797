import { renameSync, writeFileSync } from 'node:fs';
import { demoAccounts } from './secrets.ts';
import type { Stack } from './stack/stack.ts';

/** Writes demo.json: what a script needs to use the running stack. Mode 600, complete from the first moment. */
export function writeDemoFile(stack: Stack): void {
  const { urls, secrets, data, external } = stack;
  const isOurs = !external.databaseUrl;
  const content = {
    url: urls.console,
    pid: process.pid,
    accounts: isOurs ? demoAccounts(secrets).map(({ email, password, role }) => ({ email, password, role })) : [],
    tokens: isOurs ? secrets.tokens : {},
    databaseUrl: urls.owner,
    prometheusUrl: urls.prometheus,
    alertmanagerUrl: urls.alertmanager,
    redisUrl: urls.redis ?? null,
    gatewayUrl: urls.gateway,
    gatewayApiKey: secrets.gatewayApiKey,
    supervisorUrl: urls.supervisor,
    supervisorToken: urls.supervisorToken,
    otlpUrl: urls.otlp,
    hookToken: secrets.hook,
    incidentToken: secrets.incident,
    setupToken: isOurs ? null : secrets.setUp,
  };
  const file = data.at('demo.json');
  writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
