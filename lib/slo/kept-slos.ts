import { once } from '#lib/core/registry.ts';
import { type Database, db, Prisma, type Transaction } from '#lib/db/index.ts';
import type { PolicyStep, SloDefinition, WindowFigures } from './schemas.ts';
import type { KeptSlo } from './summarise.ts';

/** All SLOs of an environment with what their ledgers hold, and the steps of all policies. */
export interface KeptSlos {
  slos: readonly KeptSlo[];
  steps: ReadonlyMap<string, readonly PolicyStep[]>;
}

interface Held {
  signature: string;
  kept: Promise<KeptSlos>;
}

const mostEnvironments = 50;

/**
 * The SLOs of an environment, shared by all viewers. What was read holds until a row behind it changes: asking that is
 * one small statement, where reading a thousand definitions with their figures is not.
 */
export async function keptSlos(environment: string): Promise<KeptSlos> {
  const all = once('slo.kept', () => new Map<string, Held>());
  const signature = await selectSignature(environment);
  const held = all.get(environment);
  if (held?.signature === signature) return held.kept;
  const kept = selectKept(environment);
  all.delete(environment);
  all.set(environment, { signature, kept });
  for (const oldest of all.keys()) {
    if (all.size <= mostEnvironments) break;
    all.delete(oldest);
  }
  kept.catch(() => {
    if (all.get(environment)?.kept === kept) all.delete(environment);
  });
  return kept;
}

/** Where each row lies and who wrote it last: another text as soon as any of them was changed, added or removed. */
async function selectSignature(environment: string): Promise<string> {
  const [row] = await db().$queryRaw<{ signature: string }[]>`
    select current_database() || concat_ws(' ',
      (select concat(count(*), ':', bit_xor(hashtextextended(s.xmin::text || s.ctid::text || coalesce(t.xmin::text || t.ctid::text, ''), 0)))
       from slo s left join slo_state t on t.slo_id = s.id
       where s.environment = ${environment} and s.archived_at is null),
      (select bit_xor(hashtextextended(xmin::text || ctid::text, 0)) from budget_policy)) as signature`;
  return row?.signature ?? '';
}

interface Row {
  id: string;
  environment: string;
  name: string;
  service: string;
  origin: 'file' | 'ui';
  file: string | null;
  definition: SloDefinition;
  ledger_until: Date | null;
  backfill: KeptSlo['backfill'] | null;
  error: string | null;
  failing_since: Date | null;
  figures: unknown;
}

async function selectKept(environment: string): Promise<KeptSlos> {
  const [slos, policies] = await Promise.all([selectKeptSlos(db(), { environment }), db().budgetPolicy.findMany()]);
  return { slos, steps: new Map(policies.map(({ name, steps }) => [name, steps as PolicyStep[]])) };
}

/** SLOs with what they say now and how far their ledgers are; archived ones are left out. */
export async function selectKeptSlos(
  database: Database | Transaction,
  { environment, name }: { environment: string; name?: string },
): Promise<KeptSlo[]> {
  const named = name === undefined ? Prisma.empty : Prisma.sql`and s.name = ${name}`;
  const rows = await database.$queryRaw<Row[]>`
    select s.id::text, s.environment, s.name, s.service, s.origin, s.file, r.definition, t.ledger_until, t.backfill,
           t.error, t.failing_since, t.figures
    from slo s
    join slo_revision r on r.slo_id = s.id and r.revision = s.revision
    left join slo_state t on t.slo_id = s.id
    where s.environment = ${environment} and s.archived_at is null ${named}`;
  return rows.map(({ ledger_until, failing_since, figures, backfill, ...row }) => ({
    ...row,
    backfill: backfill ?? 'none',
    ledgerUntilMs: ledger_until?.getTime() ?? null,
    failingSinceMs: failing_since?.getTime() ?? null,
    figures: figures === null ? null : { adjusted: null, recent: {}, leaving: null, ...(figures as WindowFigures) },
  }));
}
