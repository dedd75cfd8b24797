import type { LogSource } from '../port.ts';
import type { StoredResource } from './conditions.ts';
import { context } from './context.ts';
import { attributeKeys, attributeValues, services } from './facets.ts';
import { histogram } from './histogram.ts';
import { openReader } from './postgres.ts';
import { type Store, search } from './search.ts';
import { tail } from './tail.ts';

export interface EmbeddedOptions {
  databaseUrl: string;
  /** The environment of lines that came without one. */
  defaultEnvironment: string;
  /** How long one search may take. */
  timeoutMs: number;
  /** How often a tail looks for what is new. */
  pollMs?: number;
}

const resourcesForMs = 5_000;
const id = 'embedded';

/** What our own receiver keeps in Postgres, as the console's role. Makes no connection until it is asked. */
export function createEmbeddedLogs({
  databaseUrl,
  defaultEnvironment,
  timeoutMs,
  pollMs = 1_000,
}: EmbeddedOptions): LogSource & { close(): Promise<void> } {
  const reader = openReader(databaseUrl, id);
  const known = new Map<string, { at: number; resources: Promise<StoredResource[]> }>();
  let textIndex: boolean | undefined;

  const store: Store = {
    reader,
    defaultEnvironment,
    timeoutMs,
    resources(environment, options) {
      const before = known.get(environment);
      if (before && Date.now() - before.at < resourcesForMs) return before.resources;
      const environments = environment === defaultEnvironment ? [environment, ''] : [environment];
      const resources = reader.read<StoredResource & { [column: string]: unknown }>(
        'SELECT id, environment, service, attributes FROM telemetry.resource WHERE environment = ANY($1::text[]) LIMIT 10000',
        [environments],
        { timeoutMs },
      );
      known.set(environment, { at: Date.now(), resources });
      resources.catch(() => known.delete(environment));
      options?.signal?.throwIfAborted();
      return resources;
    },
    async hasTextIndex(options) {
      textIndex ??= (
        await reader.read<{ found: boolean }>(
          `SELECT to_regclass('telemetry.log_record_body') IS NOT NULL AS found`,
          [],
          { ...options, timeoutMs },
        )
      )[0]?.found;
      return textIndex === true;
    },
  };

  return {
    source: { id, name: 'Quarterdeck', kind: 'embedded', url: null },
    search: (query, page, options) => search(store, query, page, options),
    histogram: (query, buckets, options) => histogram(store, query, buckets, options),
    context: (place, lines, options) => context(store, place, lines, options),
    tail: (query, options) => tail(store, query, { ...options, pollMs }),
    services: (range, options) => services(store, range, options),
    attributeKeys: (range, options) => attributeKeys(store, range, options),
    attributeValues: (range, options) => attributeValues(store, range, options),
    async version(options) {
      const rows = await reader.read<{ server_version: string }>('SHOW server_version', [], {
        ...options,
        timeoutMs,
      });
      return rows[0]?.server_version.split(' ')[0] ?? null;
    },
    close: () => reader.close(),
  };
}
