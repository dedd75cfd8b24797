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
  /** Archived ones too. */
  archived?: boolean;
}

/** SLOs with what they say now, by environment and name. */
export async function selectSlos(database: Database | Transaction, filter: SloFilter = {}): Promise<StoredSlo[]> {
  const conditions = [
    ...(filter.environment === undefined ? [] : [Prisma.sql`s.environment = ${filter.environment}`]),
    ...(filter.name === undefined ? [] : [Prisma.sql`s.name = ${filter.name}`]),
    ...(filter.service === undefined ? [] : [Prisma.sql`s.service = ${filter.service}`]),
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
