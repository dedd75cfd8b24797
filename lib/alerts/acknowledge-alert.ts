import { jobActor, personOf } from '#lib/core/actor.ts';
import type { Call } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { notify, type Transaction, withTransaction } from '#lib/db/index.ts';
import { appendAudit, perform } from '#lib/facts/index.ts';
import { type Alert, acknowledgeInput } from './schemas.ts';
import { type AlertRow, insertEvents, selectAlert } from './store.ts';
import * as verbs from './verbs.ts';
import { requireReach, toAlert, unknownAlert } from './view.ts';

/** A page that somebody took and nobody acted on since is nobody's again after so long. */
export const acknowledgementLastsMs = 2 * 3_600_000;

type CallOnAlert = Call & { fingerprint: string };

/**
 * Says that a person takes care of the newest firing of an alert. Again by the same person it renews that; of two
 * people the faster one has it, and the other is told who that was. Whoever saw that (by `version`) may take it over.
 */
export async function acknowledgeAlert({ ctx, input, fingerprint }: CallOnAlert): Promise<Alert> {
  return perform(
    ctx,
    verbs.acknowledgeAlert,
    input,
    { schema: acknowledgeInput },
    async ({ tx, actor, input: said, now, record }) => {
      const known = await selectAlert(tx, fingerprint);
      if (!known) throw unknownAlert(fingerprint);
      requireReach(actor, known);
      const by = personOf(actor) ?? actor.id;
      const [row] = await tx.$queryRaw<AlertRow[]>`
      update alert set acknowledged_at = ${now}, acknowledged_by_id = ${by}, acknowledged_by_name = ${actor.name},
                       acknowledge_note = ${said.note || null}, version = version + 1
      where id = ${known.id}::uuid and status = 'firing'
        and (acknowledged_at is null or acknowledged_by_id = ${by} or version = ${said.version ?? null}::int)
      returning *`;
      if (!row) throw await refusal(tx, fingerprint);
      const detail = { note: row.acknowledge_note, ...(known.acknowledged_by_id !== by && takenFrom(known)) };
      await insertEvents(tx, [{ alertId: row.id, at: now, kind: 'acknowledged', actor, detail }]);
      record.audit(subjectOf(row), { fingerprint, startsAt: row.starts_at.toISOString(), ...detail }, row.environment);
      await record.changed('alerts', row.id);
      return toAlert(row);
    },
  );
}

/** Takes an acknowledgement back, so that the alert is nobody's again. */
export async function unacknowledgeAlert({ ctx, input, fingerprint }: CallOnAlert): Promise<Alert> {
  return perform(
    ctx,
    verbs.unacknowledgeAlert,
    input,
    { schema: acknowledgeInput },
    async ({ tx, actor, input: said, now, record }) => {
      const known = await selectAlert(tx, fingerprint);
      if (!known) throw unknownAlert(fingerprint);
      requireReach(actor, known);
      const [row] = await tx.$queryRaw<AlertRow[]>`
      update alert set acknowledged_at = null, acknowledged_by_id = null, acknowledged_by_name = null,
                       acknowledge_note = null, version = version + 1
      where id = ${known.id}::uuid and status = 'firing' and acknowledged_at is not null
        and acknowledged_by_id is not distinct from ${known.acknowledged_by_id}
        and (${said.version ?? null}::int is null or version = ${said.version ?? null}::int)
      returning *`;
      if (!row) throw await refusal(tx, fingerprint);
      const detail = { note: said.note || null, ...takenFrom(known) };
      await insertEvents(tx, [{ alertId: row.id, at: now, kind: 'unacknowledged', actor, detail }]);
      record.audit(subjectOf(row), { fingerprint, startsAt: row.starts_at.toISOString(), ...detail }, row.environment);
      await record.changed('alerts', row.id);
      return toAlert(row);
    },
  );
}

const subjectOf = ({ id }: AlertRow) => ({ kind: 'alert', id });
const takenFrom = (row: AlertRow) => (row.acknowledged_by_name ? { from: row.acknowledged_by_name } : {});

/** Why nothing was changed, with who was faster. */
async function refusal(tx: Transaction, fingerprint: string): Promise<AppError> {
  const row = await selectAlert(tx, fingerprint);
  if (!row) return unknownAlert(fingerprint);
  if (row.status === 'resolved') {
    const since = row.resolved_at?.toISOString() ?? 'a moment ago';
    return new AppError(
      'alert.resolved',
      `The alert has been resolved since ${since}: there is nothing to take care of.`,
    );
  }
  if (!row.acknowledged_at) return new AppError('alert.stale', 'Nobody has acknowledged it (any more).');
  return new AppError(
    'alert.stale',
    `${row.acknowledged_by_name ?? 'Somebody'} was faster and acknowledged it at ${row.acknowledged_at.toISOString()}.`,
  );
}

const job = { ...jobActor('alerts.expire-acknowledgements'), name: 'Quarterdeck' };

/**
 * Takes back the acknowledgements of pages that nobody acted on for two hours, and records it; how many. Renewing it
 * is acting, and so is silencing the alert.
 */
export async function expireAcknowledgements(now: Date): Promise<number> {
  const before = new Date(now.getTime() - acknowledgementLastsMs);
  return withTransaction(async (tx) => {
    const rows = await tx.$queryRaw<(AlertRow & { was: string | null })[]>`
      with due as (
        select id, acknowledged_by_name as was from alert
        where status = 'firing' and severity = 'page' and acknowledged_at <= ${before} and silenced_by = '{}'
          and not exists (select from alert_event e where e.alert_id = alert.id and e.at > ${before}
                                                      and e.actor_kind in ('person', 'token'))
        order by id limit 1000 for update)
      update alert set acknowledged_at = null, acknowledged_by_id = null, acknowledged_by_name = null,
                       acknowledge_note = null, version = version + 1
      from due where alert.id = due.id
      returning alert.*, due.was`;
    await insertEvents(
      tx,
      rows.map(({ id, was }) => ({
        alertId: id,
        at: now,
        kind: 'unacknowledged' as const,
        actor: job,
        detail: { why: 'nobody acted on it for 2 hours', from: was },
      })),
    );
    for (const { id, environment, fingerprint, was } of rows) {
      await appendAudit(tx, {
        actor: job,
        verb: verbs.unacknowledgeAlert.id,
        outcome: 'done',
        environment,
        subject: { kind: 'alert', id },
        detail: { fingerprint, from: was, why: 'expired' },
      });
    }
    if (rows.length > 0) await notify(tx, { topic: 'alerts', id: '', audience: 'everyone' });
    return rows.length;
  });
}
