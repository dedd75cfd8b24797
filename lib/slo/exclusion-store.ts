import { newId } from '#lib/core/ids.ts';
import { type Database, Prisma, type Transaction } from '#lib/db/index.ts';
import type { Exclusion } from './schemas.ts';

type Queryable = Database | Transaction;

const find = (database: Queryable, id: string) => database.sloExclusion.findUnique({ where: { id } });
export type ExclusionRow = NonNullable<Awaited<ReturnType<typeof find>>>;

const most = 500;

/** The exclusions of an SLO, the latest first. */
export async function selectExclusions(database: Queryable, sloId: string): Promise<ExclusionRow[]> {
  return database.sloExclusion.findMany({
    where: { sloId },
    orderBy: [{ startAt: 'desc' }, { id: 'desc' }],
    take: most,
  });
}

/** One of an SLO's exclusions, or null. */
export async function selectExclusion(database: Queryable, sloId: string, id: string): Promise<ExclusionRow | null> {
  return database.sloExclusion.findFirst({ where: { id, sloId } });
}

/** An approved exclusion of an SLO that shares time with an interval, or null. */
export async function selectOverlapping(
  database: Queryable,
  { sloId, startAt, endAt }: Pick<ExclusionRow, 'sloId' | 'startAt' | 'endAt'>,
): Promise<ExclusionRow | null> {
  return database.sloExclusion.findFirst({
    where: { sloId, state: 'approved', startAt: { lt: endAt }, endAt: { gt: startAt } },
    orderBy: { startAt: 'asc' },
  });
}

export type NewExclusion = Pick<
  ExclusionRow,
  | 'sloId'
  | 'kind'
  | 'startAt'
  | 'endAt'
  | 'reason'
  | 'announcedAt'
  | 'announcement'
  | 'proposedById'
  | 'proposedByName'
  | 'proposedAt'
>;

export async function insertExclusion(tx: Transaction, exclusion: NewExclusion): Promise<ExclusionRow> {
  return tx.sloExclusion.create({ data: { id: newId(), ...exclusion, state: 'proposed' } });
}

interface Decision {
  id: string;
  /** As it must still be. */
  from: Exclusion['state'];
  version: number;
  to: Exclusion['state'];
  by: { id: string; name: string };
  at: Date;
  note: string | null;
}

/** Moves an exclusion to another state if nobody did before; null when somebody did. */
export async function decideExclusionRow(tx: Transaction, decision: Decision): Promise<ExclusionRow | null> {
  const { id, from, to, version, by, at, note } = decision;
  const { count } = await tx.sloExclusion.updateMany({
    where: { id, state: from, version },
    data: {
      state: to,
      decidedById: by.id,
      decidedByName: by.name,
      decidedAt: at,
      decisionNote: note,
      version: { increment: 1 },
    },
  });
  return count === 1 ? find(tx, id) : null;
}

/** Who wrote what an SLO says now: a person's id, or null where a file says it. */
export async function selectAuthor(database: Queryable, sloId: string, revision: number): Promise<string | null> {
  const rows = await database.$queryRaw<{ person_id: string | null }[]>(Prisma.sql`
    select person_id from slo_revision where slo_id = ${sloId}::uuid and revision = ${revision}`);
  return rows[0]?.person_id ?? null;
}
