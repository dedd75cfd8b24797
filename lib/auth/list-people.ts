import type { Context } from '#lib/core/context.ts';
import type { Page } from '#lib/core/page.ts';
import { db } from '#lib/db/index.ts';
import { authorize } from '#lib/facts/index.ts';
import { toPage } from '#lib/http/index.ts';
import type { Person } from './schemas.ts';
import { selectPeople } from './store.ts';
import * as verbs from './verbs.ts';
import { personView } from './views.ts';

interface Input {
  ctx: Context;
  query: { limit: number; cursor?: string };
}

/** Everybody with an account, newest first. */
export async function listPeople({ ctx, query }: Input): Promise<Page<Person>> {
  await authorize(ctx, verbs.listPeople);
  const rows = await selectPeople(db(), query.limit, query.cursor);
  return toPage(rows, query.limit, (row) => ({ at: row.createdAt, id: row.id }), personView);
}
