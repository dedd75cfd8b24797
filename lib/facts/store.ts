import type { Actor } from '#lib/core/actor.ts';
import { newId } from '#lib/core/ids.ts';
import type { Database, Transaction } from '#lib/db/index.ts';
import { decodeCursor } from '#lib/http/index.ts';
import type { AuditQuery, FactKind, FactQuery } from './schemas.ts';
import { visibleTo, withinEnvironments, withinScope } from './visibility.ts';

export interface NewFact {
  environment: string;
  kind: FactKind;
  services: string[];
  startAt: Date;
  endAt?: Date | null;
  actor: Pick<Actor, 'kind' | 'id' | 'name'>;
  subject: { kind: string; id: string };
  title: string;
  payload?: Record<string, unknown>;
  audience?: string;
  source: string;
  idempotencyKey?: string;
  supersedes?: string;
}

export interface FactRow {
  id: string;
  environment: string;
  kind: FactKind;
  services: string[];
  start_at: Date;
  end_at: Date | null;
  recorded_at: Date;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  subject_kind: string;
  subject_id: string;
  title: string;
  payload: Record<string, unknown>;
  audience: string;
  source: string;
  supersedes: string | null;
}

/** Appends a fact; null when its idempotency key is known already. */
export async function insertFact(tx: Transaction, fact: NewFact): Promise<string | null> {
  const id = newId();
  const rows = await tx.$queryRaw<{ id: string }[]>`
    insert into fact (id, environment, kind, services, start_at, end_at, actor_kind, actor_id, actor_name,
                      subject_kind, subject_id, title, payload, audience, source, idempotency_key, supersedes)
    values (${id}::uuid, ${fact.environment}, ${fact.kind}, ${fact.services}, ${fact.startAt}, ${fact.endAt ?? null},
            ${fact.actor.kind}, ${fact.actor.id}, ${fact.actor.name}, ${fact.subject.kind}, ${fact.subject.id},
            ${fact.title}, ${JSON.stringify(fact.payload ?? {})}::jsonb, ${fact.audience ?? 'everyone'}, ${fact.source},
            ${fact.idempotencyKey ?? null}, ${fact.supersedes ?? null}::uuid)
    on conflict (idempotency_key) do nothing
    returning id`;
  return rows[0]?.id ?? null;
}

/** As an instant: an offset that people may write (+23:00) can be one that Postgres does not take. */
const instantOf = (text: string | undefined) => (text === undefined ? null : new Date(text));

/** The fact with an idempotency key, where there is one. */
export async function factIdOf(tx: Transaction, idempotencyKey: string): Promise<string | null> {
  const rows = await tx.$queryRaw<{ id: string }[]>`select id from fact where idempotency_key = ${idempotencyKey}`;
  return rows[0]?.id ?? null;
}

/**
 * Facts that overlap the time range, newest first, without those that were superseded; `limit + 1` rows at most.
 * A fact that was closed by a superseding one shows as that one.
 */
export async function selectFacts(
  database: Database | Transaction,
  actor: Actor,
  query: FactQuery,
): Promise<FactRow[]> {
  const after = decodeCursor(query.cursor);
  const [from, to] = [instantOf(query.from), instantOf(query.to)];
  return database.$queryRaw<FactRow[]>`
    select * from fact
    where ${visibleTo(actor)} and ${withinScope(actor)}
      and (${query.env ?? null}::text is null or environment = ${query.env ?? null})
      and (${query.service ?? null}::text is null or services @> array[${query.service ?? null}]::text[])
      and (${query.kind ?? null}::text[] is null or kind = any(${query.kind ?? null}::text[]))
      and (${to}::timestamptz is null or start_at <= ${to}::timestamptz)
      and (${from}::timestamptz is null
           or coalesce(end_at, case when kind in ('fault', 'incident', 'alert') then 'infinity' else start_at end)
              >= ${from}::timestamptz)
      and (${after?.at ?? null}::timestamptz is null
           or (start_at, id) < (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid))
      and not exists (select from fact as later where later.supersedes = fact.id)
    order by start_at desc, id desc
    limit ${query.limit + 1}`;
}

export interface NewAudit {
  actor: Pick<Actor, 'kind' | 'id' | 'name'>;
  verb: string;
  outcome: 'done' | 'refused';
  code?: string;
  environment?: string;
  subject: { kind: string; id: string };
  detail?: Record<string, unknown>;
  requestId?: string;
  address?: string;
  audience?: string;
}

export async function insertAudit(tx: Transaction | Database, record: NewAudit): Promise<void> {
  await tx.$executeRaw`
    insert into audit_record (id, actor_kind, actor_id, actor_name, verb, outcome, code, environment, subject_kind,
                              subject_id, detail, request_id, address, audience)
    values (${newId()}::uuid, ${record.actor.kind}, ${record.actor.id}, ${record.actor.name}, ${record.verb},
            ${record.outcome}, ${record.code ?? null}, ${record.environment ?? null}, ${record.subject.kind},
            ${record.subject.id}, ${JSON.stringify(record.detail ?? {})}::jsonb, ${record.requestId ?? null},
            ${record.address ?? null}, ${record.audience ?? 'everyone'})`;
}

export interface AuditRow {
  id: string;
  recorded_at: Date;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  verb: string;
  outcome: 'done' | 'refused';
  code: string | null;
  environment: string | null;
  subject_kind: string;
  subject_id: string;
  detail: Record<string, unknown>;
  request_id: string | null;
  address: string | null;
}

/** Audit records, newest first; `limit + 1` rows at most. */
export async function selectAudit(database: Database, actor: Actor, query: AuditQuery): Promise<AuditRow[]> {
  const after = decodeCursor(query.cursor);
  const [from, to] = [instantOf(query.from), instantOf(query.to)];
  return database.$queryRaw<AuditRow[]>`
    select * from audit_record
    where ${visibleTo(actor)} and ${withinEnvironments(actor)}
      and (${query.verb ?? null}::text is null or verb = ${query.verb ?? null})
      and (${query.outcome ?? null}::text is null or outcome = ${query.outcome ?? null})
      and (${query.actorId ?? null}::text is null or actor_id = ${query.actorId ?? null})
      and (${from}::timestamptz is null or recorded_at >= ${from}::timestamptz)
      and (${to}::timestamptz is null or recorded_at <= ${to}::timestamptz)
      and (${after?.at ?? null}::timestamptz is null
           or (recorded_at, id) < (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid))
    order by recorded_at desc, id desc
    limit ${query.limit + 1}`;
}

export type Claim = { state: 'new' } | { state: 'replay'; response: unknown } | { state: 'reused' };

/** Claims an idempotency key; waits for a transaction that is claiming the same one. */
export async function claimKey(tx: Transaction, id: string, bodyHash: string): Promise<Claim> {
  await tx.$executeRaw`delete from idempotency_key where id = ${id} and expires_at <= now()`;
  const claimed = await tx.$executeRaw`
    insert into idempotency_key (id, body_hash, expires_at) values (${id}, ${bodyHash}, now() + interval '24 hours')
    on conflict (id) do nothing`;
  if (claimed === 1) return { state: 'new' };
  const [row] = await tx.$queryRaw<{ body_hash: string; response: unknown }[]>`
    select body_hash, response from idempotency_key where id = ${id}`;
  return row?.body_hash === bodyHash ? { state: 'replay', response: row.response } : { state: 'reused' };
}

export async function keepResponse(tx: Transaction, id: string, response: unknown): Promise<void> {
  await tx.$executeRaw`update idempotency_key set response = ${JSON.stringify(response ?? null)}::jsonb where id = ${id}`;
}

export async function deleteExpiredKeys(database: Database): Promise<number> {
  return database.$executeRaw`delete from idempotency_key where expires_at <= now()`;
}

export interface ChainRecord {
  id: string;
  recorded_at: Date;
  text: string;
}

export interface ChainLink {
  seq: number;
  covers_until: Date;
  records: number;
  previous_hash: string;
  hash: string;
}

export async function lastLink(tx: Transaction | Database): Promise<ChainLink | null> {
  const rows = await tx.$queryRaw<ChainLink[]>`select * from audit_link order by seq desc limit 1`;
  return rows[0] ?? null;
}

/** Links after number `seq`, in order. */
export async function linksAfter(database: Database, seq: number, limit: number): Promise<ChainLink[]> {
  return database.$queryRaw<ChainLink[]>`select * from audit_link where seq > ${seq} order by seq limit ${limit}`;
}

/** Lets one worker at a time extend the chain, until its transaction ends. */
export async function lockChain(tx: Transaction): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('quarterdeck.audit-chain'))`;
}

/** `now` less `ms`, by this clock or by Postgres's, whichever is behind: records carry the time of Postgres. */
export async function settledBefore(tx: Transaction, now: Date, ms: number): Promise<Date> {
  const [row] = await tx.$queryRaw<{ at: Date }[]>`
    select date_trunc('milliseconds', least(${now}::timestamptz, clock_timestamp())
                                      - ${ms}::int * interval '1 millisecond') as at`;
  return row?.at ?? new Date(0);
}

/** When the record was written that fills a link of `most`; null where fewer are left. */
export async function linkBoundary(tx: Transaction, after: Date, until: Date, most: number): Promise<Date | null> {
  const [row] = await tx.$queryRaw<{ recorded_at: Date }[]>`
    select recorded_at from audit_record where recorded_at > ${after} and recorded_at <= ${until}
    order by recorded_at, id offset ${most - 1} limit 1`;
  return row?.recorded_at ?? null;
}

/**
 * Records in (`after`, `until`], in a fixed order, each as the text that the chain covers: column by column, so that
 * neither a later column nor the time zone of a session makes it another.
 */
export async function chainRecords(tx: Transaction | Database, after: Date, until: Date): Promise<ChainRecord[]> {
  return tx.$queryRaw<ChainRecord[]>`
    select id, recorded_at,
           jsonb_build_array(id, to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), actor_kind,
             actor_id, actor_name, verb, outcome, code, environment, subject_kind, subject_id, detail, request_id,
             address, audience)::text as text
    from audit_record where recorded_at > ${after} and recorded_at <= ${until} order by recorded_at, id`;
}

export async function insertLink(tx: Transaction, link: ChainLink): Promise<void> {
  await tx.$executeRaw`
    insert into audit_link (seq, covers_until, records, previous_hash, hash)
    values (${link.seq}, ${link.covers_until}, ${link.records}, ${link.previous_hash}, ${link.hash})`;
}
