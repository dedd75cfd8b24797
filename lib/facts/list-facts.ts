import type { Context } from '#lib/core/context.ts';
import type { Page } from '#lib/core/page.ts';
import { db } from '#lib/db/index.ts';
import { toPage } from '#lib/http/index.ts';
import { authorize } from './perform.ts';
import type { Fact, FactQuery } from './schemas.ts';
import { type FactRow, selectFacts } from './store.ts';
import * as verbs from './verbs.ts';

/** What happened, newest first: one query for the markers of charts, timelines and activity. */
export async function listFacts({ ctx, query }: { ctx: Context; query: FactQuery }): Promise<Page<Fact>> {
  const actor = await authorize(ctx, verbs.listFacts);
  const rows = await selectFacts(db(), actor, query);
  return toPage(rows, query.limit, (row) => ({ at: row.start_at, id: row.id }), view);
}

function view(row: FactRow): Fact {
  return {
    id: row.id,
    environment: row.environment,
    kind: row.kind,
    services: row.services,
    startAt: row.start_at.toISOString(),
    endAt: row.end_at?.toISOString() ?? null,
    recordedAt: row.recorded_at.toISOString(),
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    subject: { kind: row.subject_kind, id: row.subject_id },
    title: row.title,
    payload: row.payload,
    source: row.source,
    supersedes: row.supersedes,
  };
}
