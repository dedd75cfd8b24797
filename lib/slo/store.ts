import type { Actor } from '#lib/core/actor.ts';
import { newId } from '#lib/core/ids.ts';
import { type Database, Prisma, type Transaction } from '#lib/db/index.ts';
import type { SloDefinition } from './schemas.ts';

/** An SLO with its current revision. */
export interface StoredSlo {
  id: string;
  environment: string;
  name: string;
  service: string;
  origin: 'file' | 'ui';
  file: string | null;
  revision: number;
  ledgerRevision: number;
  version: number;
  archivedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  definition: SloDefinition;
  source: string;
}

interface SloRow {
  id: string;
  environment: string;
  name: string;
  service: string;
  origin: 'file' | 'ui';
  file: string | null;
  revision: number;
  ledger_revision: number;
  version: number;
  archived_at: Date | null;
  created_at: Date;
  updated_at: Date;
  definition: SloDefinition;
  source: string;
}

export interface SloFilter {
  environment?: string;
  name?: string;
  service?: string;
  ids?: readonly string[];
  /** Archived ones too. */
  archived?: boolean;
}

/** SLOs with what they say now, by environment and name. */
export async function selectSlos(database: Database | Transaction, filter: SloFilter = {}): Promise<StoredSlo[]> {
  const conditions = [
    ...(filter.environment === undefined ? [] : [Prisma.sql`s.environment = ${filter.environment}`]),
    ...(filter.name === undefined ? [] : [Prisma.sql`s.name = ${filter.name}`]),
    ...(filter.service === undefined ? [] : [Prisma.sql`s.service = ${filter.service}`]),
    ...(filter.ids === undefined ? [] : [Prisma.sql`s.id = any(${[...filter.ids]}::uuid[])`]),
    ...(filter.archived ? [] : [Prisma.sql`s.archived_at is null`]),
    Prisma.sql`true`,
  ];
  const rows = await database.$queryRaw<SloRow[]>`
    select s.id, s.environment, s.name, s.service, s.origin, s.file, s.revision, s.ledger_revision, s.version,
           s.archived_at, s.created_at, s.updated_at, r.definition, r.source
    from slo s join slo_revision r on r.slo_id = s.id and r.revision = s.revision
    where ${Prisma.join(conditions, ' and ')}
    order by s.environment, s.name`;
  return rows.map(toSlo);
}

/** One SLO that is not archived, or null. */
export async function selectSlo(
  database: Database | Transaction,
  environment: string,
  name: string,
): Promise<StoredSlo | null> {
  return (await selectSlos(database, { environment, name }))[0] ?? null;
}

function toSlo({ ledger_revision, archived_at, created_at, updated_at, ...row }: SloRow): StoredSlo {
  return {
    ...row,
    ledgerRevision: ledger_revision,
    archivedAt: archived_at,
    createdAt: created_at,
    updatedAt: updated_at,
  };
}

type Address = Pick<StoredSlo, 'environment' | 'name'>;

/** The SLO of a name with its row locked, archived or not; null where there never was one. */
export async function lockSlo(tx: Transaction, environment: string, name: string): Promise<StoredSlo | null> {
  return (await lockSlos(tx, [{ environment, name }]))[0] ?? null;
}

/** Those SLOs of names that there are, archived or not, their rows locked in one order whoever asks. */
export async function lockSlos(tx: Transaction, wanted: readonly Address[]): Promise<StoredSlo[]> {
  const asked = JSON.stringify(wanted.map(({ environment, name }) => ({ environment, name })));
  const locked = await tx.$queryRaw<{ id: string }[]>`
    select s.id from slo s
    join jsonb_to_recordset(${asked}::jsonb) as w(environment text, name text)
      on s.environment = w.environment and s.name = w.name
    order by s.environment, s.name for update of s`;
  if (locked.length === 0) return [];
  return selectSlos(tx, { ids: locked.map(({ id }) => id), archived: true });
}

export interface NewSlo {
  environment: string;
  name: string;
  service: string;
  origin: 'file' | 'ui';
  file: string | null;
  now: Date;
}

/** Adds an SLO without what it says; its id, or null when the name was taken in this moment. */
export async function insertSlo(tx: Transaction, slo: NewSlo): Promise<string | null> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    insert into slo (id, environment, name, service, origin, file, revision, ledger_revision, created_at, updated_at)
    values (${newId()}::uuid, ${slo.environment}, ${slo.name}, ${slo.service}, ${slo.origin}, ${slo.file}, 1, 1,
            ${slo.now}, ${slo.now})
    on conflict (environment, name) do nothing
    returning id`;
  return rows[0]?.id ?? null;
}

export interface SloChange extends Pick<NewSlo, 'service' | 'origin' | 'file' | 'now'> {
  id: string;
  revision: number;
  ledgerRevision: number;
  archived: boolean;
}

/** Points a locked SLO at another revision and raises its version. */
export async function updateSloRow(tx: Transaction, slo: SloChange): Promise<void> {
  await tx.$executeRaw`
    update slo set service = ${slo.service}, origin = ${slo.origin}, file = ${slo.file}, revision = ${slo.revision},
                   ledger_revision = ${slo.ledgerRevision}, version = version + 1,
                   archived_at = case when ${slo.archived} then coalesce(archived_at, ${slo.now}) end,
                   updated_at = ${slo.now}
    where id = ${slo.id}::uuid`;
}

/** Notes that the same SLO now lives in another file. */
export async function moveSlo(tx: Transaction, id: string, file: string): Promise<void> {
  await tx.$executeRaw`update slo set file = ${file} where id = ${id}::uuid`;
}

export interface NewRevision {
  sloId: string;
  revision: number;
  definition: SloDefinition;
  source: string;
  changes: string[];
  note: string | null;
  actor: Pick<Actor, 'kind' | 'id' | 'name'>;
  personId: string | null;
  now: Date;
}

/** Keeps what an SLO says from now on. */
export async function insertRevision(tx: Transaction, { sloId, actor, ...revision }: NewRevision): Promise<void> {
  await tx.$executeRaw`
    insert into slo_revision (slo_id, revision, definition, source, changes, note, actor_kind, actor_id, actor_name,
                              person_id, created_at)
    values (${sloId}::uuid, ${revision.revision}, ${JSON.stringify(revision.definition)}::jsonb, ${revision.source},
            ${revision.changes}, ${revision.note}, ${actor.kind}, ${actor.id}, ${actor.name}, ${revision.personId},
            ${revision.now})`;
}

export interface RevisionRow {
  revision: number;
  definition: SloDefinition;
  source: string;
  changes: string[];
  note: string | null;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  person_id: string | null;
  created_at: Date;
}

/** The newest revisions of an SLO, newest first. */
export async function selectRevisions(
  database: Database | Transaction,
  sloId: string,
  limit: number,
): Promise<RevisionRow[]> {
  return database.$queryRaw<RevisionRow[]>`
    select revision, definition, source, changes, note, actor_kind, actor_id, actor_name, person_id, created_at
    from slo_revision where slo_id = ${sloId}::uuid order by revision desc limit ${limit}`;
}
