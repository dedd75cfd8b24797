import type { Context } from '#lib/core/context.ts';
import { db } from '#lib/db/index.ts';
import { authorize } from '#lib/facts/index.ts';
import { findSlo, type SloAddress } from './find-slo.ts';
import type { SloRevision } from './schemas.ts';
import { selectRevisions } from './store.ts';
import * as verbs from './verbs.ts';

const most = 500;

/** What an SLO said before, newest first: who changed what when. Of an archived one too. */
export async function listRevisions({
  ctx,
  address,
}: {
  ctx: Context;
  address: SloAddress;
}): Promise<{ items: SloRevision[]; nextCursor: null }> {
  await authorize(ctx, verbs.seeSlo);
  const { id } = await findSlo(ctx, verbs.seeSlo, address, { archived: true });
  const rows = await selectRevisions(db(), id, most);
  const items = rows.map((row) => ({
    revision: row.revision,
    createdAt: row.created_at.toISOString(),
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    changes: row.changes,
    note: row.note,
    target: row.definition.target,
    source: row.source,
  }));
  return { items, nextCursor: null };
}
