import { newId } from '#lib/core/ids.ts';
import { db } from '#lib/db/index.ts';
import type { SloDefinition } from '../schemas.ts';
import { type StoredSlo, selectSlo } from '../store.ts';
import { bucketMs } from '../window-rules.ts';
import { aDefinition } from './definitions.ts';

/** What a bucket has; null where there is none. */
export type Filling = (startMs: number, index: number) => { good: number; total: number; coverage?: number } | null;

export interface FilledLedger {
  definition?: Partial<SloDefinition>;
  fromMs: number;
  untilMs: number;
  fill: Filling;
}

/** An SLO with a ledger of what `fill` says for each five minutes, and its hours. */
export async function insertFilledSlo({ definition: more, fromMs, untilMs, fill }: FilledLedger): Promise<StoredSlo> {
  const definition = aDefinition(more);
  const { environment, name, service } = definition;
  const id = newId();
  await db().slo.create({ data: { id, environment, name, service, origin: 'ui', revision: 1, ledgerRevision: 1 } });
  await db().sloRevision.create({
    data: {
      sloId: id,
      revision: 1,
      definition,
      source: '',
      changes: ['created'],
      actorKind: 'person',
      actorId: 'dana',
      actorName: 'Dana',
    },
  });
  await db().sloState.create({
    data: { sloId: id, revision: 1, ledgerFrom: new Date(fromMs), ledgerUntil: new Date(untilMs), backfill: 'done' },
  });
  await fillBuckets({ sloId: id, fromMs, untilMs, fill });
  return (await selectSlo(db(), environment, name)) as StoredSlo;
}

export async function fillBuckets(wanted: Omit<FilledLedger, 'definition'> & { sloId: string }): Promise<void> {
  const { sloId, fromMs, untilMs, fill } = wanted;
  const rows: { start: string; good: number; total: number; coverage: number }[] = [];
  for (let startMs = fromMs, index = 0; startMs < untilMs; startMs += bucketMs, index++) {
    const bucket = fill(startMs, index);
    if (bucket) rows.push({ start: new Date(startMs).toISOString(), coverage: 1, ...bucket });
  }
  await db().$executeRaw`
    insert into slo_bucket (slo_id, revision, start, good, total, coverage)
    select ${sloId}::uuid, 1, start, good, total, coverage
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as b(start timestamptz, good float8, total float8, coverage real)
    on conflict (slo_id, revision, start) do update
      set good = excluded.good, total = excluded.total, coverage = excluded.coverage`;
  await db().$executeRaw`
    insert into slo_bucket_hour (slo_id, revision, start, good, total, coverage)
    select slo_id, revision, date_trunc('hour', start, 'UTC'), sum(good), sum(total), sum(coverage)
    from slo_bucket where slo_id = ${sloId}::uuid group by 1, 2, 3
    on conflict (slo_id, revision, start) do update
      set good = excluded.good, total = excluded.total, coverage = excluded.coverage`;
}
