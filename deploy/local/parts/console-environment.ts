import { join } from 'node:path';
import { repositoryRoot } from '../folders.ts';
import { nodeEnvironment } from '../stack/service.ts';
import type { Stack } from '../stack/stack.ts';

/** The configuration of the console's processes, as `lib/core/config.ts` reads it. */
export function consoleEnvironment(stack: Stack): Record<string, string | undefined> {
  const { urls, secrets, external, data, environment } = stack;
  return {
    ...nodeEnvironment(stack),
    DATABASE_URL: urls.web,
    DATABASE_WORKER_URL: urls.worker,
    DATABASE_RECEIVER_URL: urls.receiver,
    PROMETHEUS_URL: urls.prometheus,
    PROMETHEUS_SCRAPE_SECONDS: external.prometheusUrl ? process.env.PROMETHEUS_SCRAPE_SECONDS : '5',
    PROMETHEUS_TOKEN: process.env.PROMETHEUS_TOKEN,
    PROMETHEUS_USERNAME: process.env.PROMETHEUS_USERNAME,
    PROMETHEUS_PASSWORD: process.env.PROMETHEUS_PASSWORD,
    PROMETHEUS_TENANT: process.env.PROMETHEUS_TENANT,
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
    QD_DEFAULT_ENVIRONMENT: environment,
    QD_DEMO: external.databaseUrl ? undefined : '1',
    LOG_LEVEL: process.env.LOG_LEVEL,
  };
}
