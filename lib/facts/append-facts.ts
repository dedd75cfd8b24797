import { newId } from '#lib/core/ids.ts';
import { notify, type Transaction } from '#lib/db/index.ts';
import type { NewFact } from './store.ts';

/**
 * Appends many facts in one statement, within the transaction of the change that they record, and announces them
 * once. The ids in the order of the facts; null for one whose idempotency key exists.
 */
export async function appendFacts(tx: Transaction, facts: readonly NewFact[]): Promise<(string | null)[]> {
  if (facts.length === 0) return [];
  const rows = facts.map((fact) => ({
    id: newId(),
    environment: fact.environment,
    kind: fact.kind,
    services: fact.services,
    start_at: fact.startAt,
    end_at: fact.endAt ?? null,
    actor_kind: fact.actor.kind,
    actor_id: fact.actor.id,
    actor_name: fact.actor.name,
    subject_kind: fact.subject.kind,
    subject_id: fact.subject.id,
    title: fact.title,
    payload: fact.payload ?? {},
    audience: fact.audience ?? 'everyone',
    source: fact.source,
    idempotency_key: fact.idempotencyKey ?? null,
    supersedes: fact.supersedes ?? null,
  }));
  const kept = await tx.$queryRaw<{ id: string }[]>`
    insert into fact (id, environment, kind, services, start_at, end_at, actor_kind, actor_id, actor_name,
                      subject_kind, subject_id, title, payload, audience, source, idempotency_key, supersedes)
    select id, environment, kind, services, start_at, end_at, actor_kind, actor_id, actor_name,
           subject_kind, subject_id, title, payload, audience, source, idempotency_key, supersedes
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as f(
      id uuid, environment text, kind text, services text[], start_at timestamptz, end_at timestamptz, actor_kind text,
      actor_id text, actor_name text, subject_kind text, subject_id text, title text, payload jsonb, audience text,
      source text, idempotency_key text, supersedes uuid)
    on conflict (idempotency_key) do nothing
    returning id`;
  const ids = new Set(kept.map(({ id }) => id));
  const audiences = new Set(facts.map(({ audience }) => audience ?? 'everyone'));
  for (const audience of ids.size > 0 ? audiences : []) {
    await notify(tx, { topic: 'facts', id: kept[0]?.id ?? '', audience });
  }
  return rows.map(({ id }) => (ids.has(id) ? id : null));
}
