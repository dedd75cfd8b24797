import { createTestPostgres } from '../postgres.ts';
import { dismissGuardian } from '../process/guardian.ts';

/**
 * vitest's global set-up: one throw-away Postgres per run. Tests find its superuser URL in TEST_DATABASE_URL (the
 * fleet's in FLEET_TEST_DATABASE_URL) and make databases of their own there. A URL that is set already is used instead.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_DATABASE_URL) {
    process.env.FLEET_TEST_DATABASE_URL ??= process.env.TEST_DATABASE_URL;
    return undefined;
  }
  const postgres = await createTestPostgres();
  process.env.TEST_DATABASE_URL = postgres.url;
  process.env.FLEET_TEST_DATABASE_URL ??= postgres.url;
  return async () => {
    await postgres.stop();
    await dismissGuardian();
  };
}
