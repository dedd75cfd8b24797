import type { Context } from '#lib/core/context.ts';
import type { Page } from '#lib/core/page.ts';
import { db } from '#lib/db/index.ts';
import { toPage } from '#lib/http/index.ts';
import { authorize } from './perform.ts';
import type { AuditQuery, AuditRecord } from './schemas.ts';
import { type AuditRow, selectAudit } from './store.ts';
import * as verbs from './verbs.ts';

/** Who did what and who was refused, newest first. */
export async function listAudit({ ctx, query }: { ctx: Context; query: AuditQuery }): Promise<Page<AuditRecord>> {
  const actor = await authorize(ctx, verbs.listAudit);
  const rows = await selectAudit(db(), actor, query);
  return toPage(rows, query.limit, (row) => ({ at: row.recorded_at, id: row.id }), view);
}

function view(row: AuditRow): AuditRecord {
  return {
    id: row.id,
    recordedAt: row.recorded_at.toISOString(),
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    verb: row.verb,
    outcome: row.outcome,
    code: row.code,
    environment: row.environment,
    subject: { kind: row.subject_kind, id: row.subject_id },
    detail: row.detail,
    requestId: row.request_id,
    address: row.address,
  };
}
