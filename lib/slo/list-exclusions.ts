import type { Context } from '#lib/core/context.ts';
import { db } from '#lib/db/index.ts';
import { authorize } from '#lib/facts/index.ts';
import { withFigures } from './exclusion-figures.ts';
import { selectExclusions } from './exclusion-store.ts';
import { findSlo, type SloAddress } from './find-slo.ts';
import type { Exclusion } from './schemas.ts';
import * as verbs from './verbs.ts';

/** Time that does not count for an SLO, or that somebody proposed, the latest first, with what lies in it. */
export async function listExclusions({
  ctx,
  address,
}: {
  ctx: Context;
  address: SloAddress;
}): Promise<{ items: Exclusion[]; nextCursor: null }> {
  await authorize(ctx, verbs.listExclusions);
  const slo = await findSlo(ctx, verbs.listExclusions, address);
  const rows = await selectExclusions(db(), slo.id);
  const approved = rows.filter(({ state }) => state === 'approved');
  return { items: await withFigures(slo, rows, approved), nextCursor: null };
}
