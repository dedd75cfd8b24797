import { config } from '#lib/core/config.ts';
import { once } from '#lib/core/registry.ts';
import { createEmbeddedLogs } from './embedded/source.ts';
import { createLoki } from './loki/source.ts';
import type { LogSource } from './port.ts';

export { createEmbeddedLogs } from './embedded/source.ts';
export { isLogSourceError, LogSourceError } from './errors.ts';
export { bucketGrid } from './grid.ts';
export { emptyCounts } from './levels.ts';
export { createLoki } from './loki/source.ts';
export * from './port.ts';

const state = () => once<{ list: LogSource[] | null }>('logs.sources', () => ({ list: null }));

/** Every configured source of logs; none when neither `OTLP_URL` nor `LOGS_URL` is set. */
export function logSources(): LogSource[] {
  const sources = state();
  sources.list ??= configured();
  return sources.list;
}

/** Replaces the configured sources; for tests. `null` goes back to the configuration. */
export function setLogSources(list: LogSource[] | null): void {
  state().list = list;
}

function configured(): LogSource[] {
  const settings = config();
  const defaultEnvironment = settings.QD_DEFAULT_ENVIRONMENT;
  const timeoutMs = settings.LOGS_TIMEOUT_SECONDS * 1_000;
  const embedded = settings.OTLP_URL
    ? [createEmbeddedLogs({ databaseUrl: settings.DATABASE_URL, defaultEnvironment, timeoutMs })]
    : [];
  const lokis = settings.LOGS_URL.map(({ name, url }) =>
    createLoki({
      id: name === 'embedded' ? 'loki' : name,
      name,
      url,
      token: settings.LOGS_TOKEN,
      tenant: settings.LOGS_TENANT,
      timeoutMs,
      defaultEnvironment,
    }),
  );
  return [...embedded, ...lokis];
}
