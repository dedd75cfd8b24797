import { join } from 'node:path';
import { settings } from '#lib/core/config.ts';
import { repositoryRoot } from '../folders.ts';
import { readHistory } from '../history/history-file.ts';
import { nodeEnvironment } from '../stack/service.ts';
import type { Stack } from '../stack/stack.ts';

/** Settings that a person gave in the environment; those of the stack go over them. */
function tuning(): Record<string, string | undefined> {
  const names = Object.keys(process.env).filter(
    (name) => name in settings.shape || /^(TELEMETRY|OTLP_MAX)_/.test(name),
  );
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

/** The configuration of the console's processes, as `lib/core/config.ts` reads it. */
export function consoleEnvironment(stack: Stack): Record<string, string | undefined> {
  const { urls, secrets, external, data, environment } = stack;
  return {
    ...nodeEnvironment(stack),
    ...tuning(),
    DATABASE_URL: urls.web,
    DATABASE_WORKER_URL: urls.worker,
    DATABASE_RECEIVER_URL: urls.receiver,
    PROMETHEUS_URL: urls.prometheus,
    PROMETHEUS_SCRAPE_SECONDS: process.env.PROMETHEUS_SCRAPE_SECONDS ?? (external.prometheusUrl ? undefined : '5'),
    ALERTMANAGER_URL: urls.alertmanager,
    SUPERVISOR_URL: urls.supervisor,
    SUPERVISOR_TOKEN: urls.supervisorToken || undefined,
    OTLP_URL: urls.otlp,
    GATEWAY_URL: urls.gateway || undefined,
    REDIS_URL: urls.redis,
    RULES_DIR: external.prometheusUrl ? process.env.RULES_DIR : data.at('rules'),
    QD_PUBLIC_URL: process.env.QD_PUBLIC_URL || urls.console,
    QD_SECRET: secrets.session,
    NEXTAUTH_SECRET: secrets.session,
    NEXTAUTH_URL: process.env.QD_PUBLIC_URL || urls.console,
    QD_ENCRYPTION_KEY: secrets.encryption,
    QD_HOOK_TOKEN: secrets.hook,
    QD_SETUP_TOKEN: secrets.setUp,
    QD_CATALOG_DIR: join(repositoryRoot, 'deploy/catalog'),
    QD_SLO_DIR: join(repositoryRoot, 'deploy/slos'),
    QD_DEFAULT_ENVIRONMENT: environment,
    QD_GENERATED_HISTORY_UNTIL: external.prometheusUrl ? undefined : readHistory(data)?.until,
    QD_DEMO: external.databaseUrl ? undefined : '1',
  };
}
