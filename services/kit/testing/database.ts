import { randomUUID } from 'node:crypto';
import pg from 'pg';

export const TEST_SERVER_URL = process.env.FLEET_TEST_DATABASE_URL;

/** Why the tests that call this are left out, or undefined when they can run. */
export const withoutPostgres = TEST_SERVER_URL
  ? undefined
  : 'FLEET_TEST_DATABASE_URL is not set; it names a Postgres server (as superuser) for databases that tests make and drop';

export interface TestDatabase {
  /** The database's URL for the role that owns the schema of a service. */
  urlFor(service: string): string;
  /** As superuser. */
  readonly adminUrl: string;
  drop(): Promise<void>;
}

/** A database of its own with a role for each service, made on the server that `FLEET_TEST_DATABASE_URL` names. */
export async function createTestDatabase(services: readonly string[]): Promise<TestDatabase> {
  const server = new URL(TEST_SERVER_URL as string);
  const suffix = randomUUID().replaceAll('-', '').slice(0, 12);
  const database = `fleet_test_${suffix}`;
  const password = randomUUID();
  const roleOf = (service: string) => `${service}_${suffix}`;
  const urlOf = (user: string, secret: string, name: string) => {
    const url = new URL(server);
    url.pathname = `/${name}`;
    url.username = user;
    url.password = secret;
    return url.toString();
  };
  const adminUrl = urlOf(server.username, decodeURIComponent(server.password), database);

  const run = async (url: string, statements: readonly string[]) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await run(server.toString(), [
    `CREATE DATABASE ${database}`,
    ...services.map((service) => `CREATE ROLE ${roleOf(service)} LOGIN PASSWORD '${password}'`),
  ]);
  await run(
    adminUrl,
    services.map((service) => `CREATE SCHEMA ${pg.escapeIdentifier(service)} AUTHORIZATION ${roleOf(service)}`),
  );
  return {
    adminUrl,
    urlFor: (service) => urlOf(roleOf(service), password, database),
    drop: () =>
      run(server.toString(), [
        `DROP DATABASE ${database} WITH (FORCE)`,
        ...services.map((service) => `DROP ROLE ${roleOf(service)}`),
      ]),
  };
}
