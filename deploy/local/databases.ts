import pg from 'pg';
import { sleep } from './process/signal.ts';
import type { Secrets } from './secrets.ts';

const { Client, escapeIdentifier, escapeLiteral } = pg;

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function ensureRole(client: pg.Client, role: string, password: string): Promise<void> {
  const name = escapeIdentifier(role);
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
  if (!rowCount) await client.query(`create role ${name} login`);
  await client.query(`alter role ${name} password ${escapeLiteral(password)}`);
}

async function ensureDatabase(client: pg.Client, database: string, owner: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [database]);
  if (!rowCount) await client.query(`create database ${escapeIdentifier(database)} owner ${escapeIdentifier(owner)}`);
}

/** Makes the console's database and the roles of its processes, where they are not there yet. */
export async function ensureConsoleDatabase(superuserUrl: string, { postgres }: Secrets): Promise<void> {
  await withClient(superuserUrl, async (client) => {
    const roles = { owner: postgres.owner, web: postgres.web, worker: postgres.worker, receiver: postgres.receiver };
    for (const [role, password] of Object.entries(roles)) await ensureRole(client, `quarterdeck_${role}`, password);
    await ensureDatabase(client, 'quarterdeck', 'quarterdeck_owner');
    await client.query('revoke connect on database quarterdeck from public');
    await client.query(
      'grant connect on database quarterdeck to quarterdeck_web, quarterdeck_worker, quarterdeck_receiver',
    );
  });
}

export const fleetRoles = ['product', 'order', 'payment'] as const;
export type FleetRole = (typeof fleetRoles)[number];

/** The address of the fleet's database as one service sees it. */
export function fleetDatabaseUrl(adminUrl: string, role: FleetRole, { postgres }: Secrets): string {
  const url = new URL(adminUrl);
  url.username = role;
  url.password = postgres[role];
  return url.toString();
}

/**
 * Makes the fleet's database with a role and a schema of its own for each service that keeps data. `adminUrl` names
 * the database, as somebody who may make databases and roles.
 */
export async function ensureFleetDatabase(adminUrl: string, secrets: Secrets): Promise<void> {
  const url = new URL(adminUrl);
  const database = decodeURIComponent(url.pathname.slice(1)) || 'fleet';
  url.pathname = '/postgres';
  await withClient(url.toString(), async (client) => {
    const { rows } = await client.query<{ current_user: string }>('select current_user');
    await ensureDatabase(client, database, rows[0]?.current_user ?? 'postgres');
    await client.query(`revoke connect on database ${escapeIdentifier(database)} from public`);
    for (const role of fleetRoles) {
      await ensureRole(client, role, secrets.postgres[role]);
      await client.query(`grant connect on database ${escapeIdentifier(database)} to ${escapeIdentifier(role)}`);
    }
  });
  await withClient(adminUrl, async (client) => {
    for (const role of fleetRoles) {
      const name = escapeIdentifier(role);
      await client.query(`create schema if not exists ${name} authorization ${name}`);
      await client.query(
        `alter role ${name} in database ${escapeIdentifier(database)} set search_path to ${name}, public`,
      );
    }
  });
}

/** Waits until a database answers; throws its last words in time. */
export async function untilDatabaseAnswers(url: string, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      await withClient(url, (client) => client.query('select 1'));
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(200);
    }
  }
}
