import type { Actor } from '#lib/core/actor.ts';
import { newId } from '#lib/core/ids.ts';
import { type Database, Prisma, type Transaction } from '#lib/db/index.ts';
import type { AlertSeverity } from './schemas.ts';

export interface AlertGroupRef {
  receiver: string;
  labels: Record<string, string>;
}

/** One firing of an alert, as it is kept. */
export interface AlertRow {
  id: string;
  fingerprint: string;
  starts_at: Date;
  ends_at: Date | null;
  name: string;
  environment: string;
  service: string | null;
  slo: string | null;
  severity: AlertSeverity;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  summary: string;
  generator_url: string | null;
  receivers: string[];
  groups: AlertGroupRef[];
  group_key: string | null;
  status: 'firing' | 'resolved';
  silenced_by: string[];
  inhibited_by: string[];
  absences: number;
  first_seen_at: Date;
  last_seen_at: Date;
  resolved_at: Date | null;
  /** `webhook`: Alertmanager said so; `list`: it no longer had it. */
  resolved_by: 'webhook' | 'list' | null;
  fact_id: string | null;
  acknowledged_at: Date | null;
  acknowledged_by_id: string | null;
  acknowledged_by_name: string | null;
  acknowledge_note: string | null;
  version: number;
}

export type EventKind =
  | 'firing'
  | 'resolved'
  | 'acknowledged'
  | 'unacknowledged'
  | 'silenced'
  | 'unsilenced'
  | 'inhibited'
  | 'uninhibited';

export interface NewAlertEvent {
  alertId: string;
  at: Date;
  kind: EventKind;
  actor: Pick<Actor, 'kind' | 'id' | 'name'>;
  detail?: Record<string, unknown>;
}

const buckets = 32;
const lockSpace = 7_216_005;

/** Lets one transaction at a time decide about these fingerprints, without deadlocks; until it ends. */
export async function lockFingerprints(tx: Transaction, fingerprints: readonly string[]): Promise<void> {
  const held = [...new Set(fingerprints.map((text) => Number.parseInt(text.slice(-2), 16) % buckets))];
  await tx.$executeRaw`
    select pg_advisory_xact_lock(${lockSpace}::int, bucket)
    from unnest(${held.sort((a, b) => a - b)}::int[]) with ordinality as b(bucket, n) order by n`;
}

/** Of each fingerprint the newest firing, those that are not over, and those with exactly these starts. */
export async function selectKnown(
  tx: Transaction,
  wanted: readonly { fingerprint: string; startsAt: Date }[],
): Promise<AlertRow[]> {
  const fingerprints = wanted.map(({ fingerprint }) => fingerprint);
  const starts = wanted.map(({ startsAt }) => startsAt);
  // Each part is a look into an index, whatever the planner knows of the table.
  return tx.$queryRaw<AlertRow[]>`
    select distinct on (id) found.* from unnest(${fingerprints}::text[], ${starts}::timestamptz[]) as asked(f, s)
    cross join lateral (
      (select * from alert where fingerprint = f and starts_at = s)
      union all (select * from alert where fingerprint = f order by starts_at desc limit 1)
      union all (select * from alert where fingerprint = f and status = 'firing')) found`;
}

const recordset = Prisma.sql`(
  id uuid, fingerprint text, starts_at timestamptz, ends_at timestamptz, name text, environment text, service text,
  slo text, severity text, labels jsonb, annotations jsonb, summary text, generator_url text, receivers text[],
  groups jsonb, group_key text, status text, silenced_by text[], inhibited_by text[], last_seen_at timestamptz,
  resolved_at timestamptz, resolved_by text, fact_id uuid, version integer)`;

export async function insertAlerts(tx: Transaction, rows: readonly AlertRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    insert into alert (id, fingerprint, starts_at, ends_at, name, environment, service, slo, severity, labels,
                       annotations, summary, generator_url, receivers, groups, group_key, status, silenced_by,
                       inhibited_by, first_seen_at, last_seen_at, resolved_at, resolved_by, fact_id, version)
    select id, fingerprint, starts_at, ends_at, name, environment, service, slo, severity, labels, annotations,
           summary, generator_url, receivers, groups, group_key, status, silenced_by, inhibited_by, last_seen_at,
           last_seen_at, resolved_at, resolved_by, fact_id, version
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as a ${recordset}`;
}

/** Writes what Alertmanager has a say in, never what people said of an alert. */
export async function updateAlerts(tx: Transaction, rows: readonly AlertRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    update alert set
      ends_at = a.ends_at, annotations = a.annotations, summary = a.summary, generator_url = a.generator_url,
      receivers = a.receivers, groups = a.groups, group_key = a.group_key, status = a.status,
      silenced_by = a.silenced_by, inhibited_by = a.inhibited_by, last_seen_at = a.last_seen_at, absences = 0,
      resolved_at = a.resolved_at, resolved_by = a.resolved_by, fact_id = a.fact_id,
      version = alert.version + (a.version - alert.version > 0)::int
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as a ${recordset}
    where alert.id = a.id`;
}

/** Takes acknowledgements away: what fires again is news. */
export async function clearAcknowledgements(tx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.$executeRaw`
    update alert set acknowledged_at = null, acknowledged_by_id = null, acknowledged_by_name = null,
                     acknowledge_note = null
    where id = any(${ids}::uuid[])`;
}

/** Notes that these were seen, and until when they hold without news; nothing else of them changed. */
export async function touchAlerts(tx: Transaction, rows: readonly AlertRow[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  const [ids, ends] = [rows.map(({ id }) => id), rows.map(({ ends_at }) => ends_at)];
  await tx.$executeRaw`
    update alert set last_seen_at = greatest(last_seen_at, ${now}::timestamptz), ends_at = t.ends_at, absences = 0
    from unnest(${ids}::uuid[], ${ends}::timestamptz[]) as t(id, ends_at)
    where alert.id = t.id and alert.status = 'firing'`;
}

export async function insertEvents(tx: Transaction, events: readonly NewAlertEvent[]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(({ alertId, at, kind, actor, detail = {} }) => ({
    id: newId(),
    alert_id: alertId,
    at,
    kind,
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_name: actor.name,
    detail,
  }));
  await tx.$executeRaw`
    insert into alert_event (id, alert_id, at, kind, actor_kind, actor_id, actor_name, detail)
    select id, alert_id, at, kind, actor_kind, actor_id, actor_name, detail
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e(
      id uuid, alert_id uuid, at timestamptz, kind text, actor_kind text, actor_id text, actor_name text, detail jsonb)`;
}

/** The newest firing of a fingerprint; null when it is not known. */
export async function selectAlert(database: Database | Transaction, fingerprint: string): Promise<AlertRow | null> {
  const rows = await database.$queryRaw<AlertRow[]>`
    select * from alert where fingerprint = ${fingerprint} order by starts_at desc limit 1`;
  return rows[0] ?? null;
}
