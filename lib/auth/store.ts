import { newId } from '#lib/core/ids.ts';
import { type Database, Prisma, type Transaction } from '#lib/db/index.ts';
import { decodeCursor } from '#lib/http/index.ts';

type Queryable = Database | Transaction;

export const selectPerson = (database: Queryable, id: string) => database.person.findUnique({ where: { id } });
export const selectPersonByEmail = (database: Queryable, email: string) =>
  database.person.findUnique({ where: { email } });
export type PersonRow = NonNullable<Awaited<ReturnType<typeof selectPerson>>>;

/** People by when they were added, newest first; `limit + 1` rows at most. */
export async function selectPeople(database: Queryable, limit: number, cursor?: string): Promise<PersonRow[]> {
  return database.person.findMany({
    where: before(decodeCursor(cursor)),
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
  });
}

export async function insertPerson(
  tx: Transaction,
  person: { name: string; email: string; role: string; passwordHash: string },
): Promise<PersonRow> {
  return tx.person.create({ data: { id: newId(), ...person } });
}

/** Changes a person if nobody changed them since `version`; null when somebody did. */
export async function updatePersonRow(
  tx: Transaction,
  id: string,
  version: number | undefined,
  {
    endSessions,
    ...data
  }: Partial<Pick<PersonRow, 'name' | 'role' | 'passwordHash' | 'disabledAt'>> & { endSessions: boolean },
): Promise<PersonRow | null> {
  const { count } = await tx.person.updateMany({
    where: { id, ...(version !== undefined && { version }) },
    data: { ...data, version: { increment: 1 }, ...(endSessions && { sessionVersion: { increment: 1 } }) },
  });
  return count === 1 ? selectPerson(tx, id) : null;
}

/** The admins who can sign in, locked, so that two cannot leave at once. */
export async function lockActiveAdmins(tx: Transaction): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    select id from person where role = 'admin' and disabled_at is null order by id for update`;
  return rows.map(({ id }) => id);
}

export async function touchPerson(database: Database, id: string): Promise<void> {
  await database.person.update({ where: { id }, data: { lastSeenAt: new Date() } });
}

const withOwner = { owner: { select: { id: true, name: true, role: true, disabledAt: true } } } as const;

export const selectTokenByHash = (database: Database, tokenHash: string) =>
  database.apiToken.findUnique({ where: { tokenHash }, include: withOwner });
export type TokenRow = NonNullable<Awaited<ReturnType<typeof selectTokenByHash>>>;

/** Tokens, newest first; `limit + 1` rows at most. */
export async function selectTokens(database: Queryable, limit: number, cursor?: string): Promise<TokenRow[]> {
  return database.apiToken.findMany({
    where: before(decodeCursor(cursor)),
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
    include: withOwner,
  });
}

export async function insertToken(
  tx: Transaction,
  token: {
    ownerId: string;
    name: string;
    tokenHash: string;
    prefix: string;
    role: string;
    scope: object;
    expiresAt: Date | null;
  },
): Promise<TokenRow> {
  const data = { id: newId(), ...token, scope: token.scope as Prisma.InputJsonValue };
  return tx.apiToken.create({ data, include: withOwner });
}

/** Revokes a token that is not revoked yet; null when there is none. */
export async function revokeTokenRow(tx: Transaction, id: string, now: Date): Promise<TokenRow | null> {
  await tx.apiToken.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: now } });
  return tx.apiToken.findUnique({ where: { id }, include: withOwner });
}

/** Notes a use, at most once a minute for each token. */
export async function touchToken(database: Database, id: string): Promise<void> {
  await database.$executeRaw`
    update api_token set last_used_at = now()
    where id = ${id}::uuid and (last_used_at is null or last_used_at < now() - interval '1 minute')`;
}

/** How long until the next attempt under a key, in whole seconds, at least 1. */
export async function throttledForSeconds(database: Database, key: string): Promise<number> {
  const [row] = await database.$queryRaw<{ seconds: number | null }[]>`
    select ceil(extract(epoch from next_allowed_at - clock_timestamp()))::int as seconds from throttle
    where key = ${key}`;
  return Math.max(1, row?.seconds ?? 1);
}

/** The wait after so many failures: nothing up to `free`, then 1 s that doubles, up to 5 minutes. */
const waitAfter = (failures: Prisma.Sql, free: number) => Prisma.sql`
  interval '1 second' * case when ${failures} < ${free}::int then 0
                             else least(300, power(2, least(${failures} - ${free}::int, 10))) end`;

/**
 * Counts an attempt as a failure before it is made, so that many at once cannot slip through; false when none is
 * welcome yet. Failures are forgotten after an hour of quiet.
 */
export async function countAttempt(database: Database, key: string, free: number): Promise<boolean> {
  const failures = Prisma.sql`
    case when t.updated_at < clock_timestamp() - interval '1 hour' then 1 else t.failures + 1 end`;
  const counted = await database.$executeRaw`
    insert into throttle as t (key, failures, next_allowed_at, updated_at)
    values (${key}, 1, clock_timestamp(), clock_timestamp())
    on conflict (key) do update set
      failures = ${failures},
      next_allowed_at = clock_timestamp() + ${waitAfter(Prisma.sql`(${failures})`, free)},
      updated_at = clock_timestamp()
    where t.next_allowed_at <= clock_timestamp()`;
  return counted === 1;
}

/** Begins the wait anew when an attempt has failed: it may have taken longer than the wait. */
export async function beginWait(database: Database, key: string, free: number): Promise<void> {
  await database.$executeRaw`
    update throttle set next_allowed_at = clock_timestamp() + ${waitAfter(Prisma.sql`failures`, free)},
                        updated_at = clock_timestamp()
    where key = ${key}`;
}

/** Takes one attempt back that turned out to be no failure. */
export async function uncountAttempt(database: Database, key: string): Promise<void> {
  await database.$executeRaw`
    update throttle set failures = greatest(0, failures - 1), next_allowed_at = clock_timestamp() where key = ${key}`;
}

export async function forgetFailures(database: Database, key: string): Promise<void> {
  await database.$executeRaw`delete from throttle where key = ${key}`;
}

export interface InstallRow {
  setupTokenHash: string | null;
  setUpAt: Date | null;
  demo: boolean;
}

/** This install's row, made on first sight. */
export async function selectInstall(database: Queryable): Promise<InstallRow> {
  return database.install.upsert({ where: { id: 1 }, create: { id: 1 }, update: {} });
}

/** The same, locked until the transaction ends. */
export async function lockInstall(tx: Transaction): Promise<InstallRow> {
  await tx.$executeRaw`insert into install (id) values (1) on conflict do nothing`;
  const [row] = await tx.$queryRaw<{ setup_token_hash: string | null; set_up_at: Date | null; demo: boolean }[]>`
    select setup_token_hash, set_up_at, demo from install where id = 1 for update`;
  return { setupTokenHash: row?.setup_token_hash ?? null, setUpAt: row?.set_up_at ?? null, demo: row?.demo ?? false };
}

export async function updateInstall(tx: Queryable, change: Partial<InstallRow>): Promise<void> {
  await tx.install.update({ where: { id: 1 }, data: change });
}

function before(position: { at: Date; id: string } | null): object {
  if (!position) return {};
  return { OR: [{ createdAt: { lt: position.at } }, { createdAt: position.at, id: { lt: position.id } }] };
}
