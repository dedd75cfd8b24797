import type { Context } from '#lib/core/context.ts';
import type { Page } from '#lib/core/page.ts';
import { db } from '#lib/db/index.ts';
import { authorize } from '#lib/facts/index.ts';
import { toPage } from '#lib/http/index.ts';
import type { Token } from './schemas.ts';
import { selectTokens } from './store.ts';
import * as verbs from './verbs.ts';
import { tokenView } from './views.ts';

interface Input {
  ctx: Context;
  query: { limit: number; cursor?: string };
}

/** Every API token, newest first; secrets are not kept and so not shown. */
export async function listTokens({ ctx, query }: Input): Promise<Page<Token>> {
  await authorize(ctx, verbs.listTokens);
  const rows = await selectTokens(db(), query.limit, query.cursor);
  return toPage(rows, query.limit, (row) => ({ at: row.createdAt, id: row.id }), tokenView);
}
