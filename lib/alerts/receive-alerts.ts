import { config } from '#lib/core/config.ts';
import type { Call } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { databaseError, db, isUnavailable, withTransaction } from '#lib/db/index.ts';
import { perform, type Work } from '#lib/facts/index.ts';
import type { Observed } from './decide.ts';
import { finishDelivery, insertDelivery, keepMalformed } from './delivery-store.ts';
import { readLabels, watchdogName } from './label-rules.ts';
import { type Webhook, webhook } from './schemas.ts';
import { seeWatchdog, wantList } from './state-store.ts';
import { takeIn } from './take-in.ts';
import * as verbs from './verbs.ts';

export const deliveryLimitBytes = 5 * 1024 * 1024;
const mostAlerts = 10_000;
/** So many alerts are taken in within a second or so, far below the limit of a transaction. */
const chunk = 1_000;

const alertmanager = { kind: 'hook', id: 'alertmanager', name: 'Alertmanager' } as const;

/**
 * Takes a delivery of Alertmanager's webhook: kept, with all that follows from it, before it is answered, in one
 * transaction or, where it is large, in several of which any may be repeated. Sent again it changes nothing. Fails with
 * 503 whatever the trouble of the database is, so that Alertmanager sends it again.
 */
export async function receiveAlerts({ ctx, input }: Call): Promise<Received> {
  const count = (input as { alerts?: unknown[] } | null)?.alerts?.length ?? 0;
  if (count > mostAlerts) {
    throw new AppError('request.too_large', `One delivery may have at most ${mostAlerts.toLocaleString('en')} alerts.`);
  }
  try {
    const { id, rest, ...first } = await perform(ctx, verbs.receiveAlerts, input, { schema: webhook }, takeFirst);
    let { changed } = first;
    for (let start = 0; start < rest.length; start += chunk) {
      const some = rest.slice(start, start + chunk);
      const by = { actor: alertmanager, now: ctx.clock.now() };
      changed += (await withTransaction((tx) => takeIn(tx, some, by))).changed;
    }
    if (rest.length > 0) await finishDelivery(db(), id);
    return { id, alerts: count, changed };
  } catch (error) {
    throw againLater(error);
  }
}

export interface Received {
  id: string;
  alerts: number;
  /** Firings and resolutions that were news. */
  changed: number;
}

/** Keeps the delivery and takes in as much of it as fits one transaction; `rest` is still to be taken in. */
async function takeFirst({ tx, input: body, now, record }: Work<Webhook>) {
  const observed = body.alerts.map((alert) => toObserved(alert, body));
  const alerts = observed.filter(({ name }) => name !== watchdogName);
  const rest = alerts.slice(chunk);
  const id = await insertDelivery(tx, body, rest.length > 0 ? 'received' : 'processed');
  const { changed, listWanted } = await takeIn(tx, alerts.slice(0, chunk), { actor: alertmanager, now });
  const firing = observed.filter(({ status }) => status === 'firing').length;
  const { receiver, groupKey, truncatedAlerts: truncated } = body;
  record.audit({ kind: 'delivery', id }, { receiver, firing, resolved: observed.length - firing, truncated });
  // The one row that every delivery may write comes last, so that it is held for a moment only.
  if (observed.some(({ name, status }) => name === watchdogName && status === 'firing')) await seeWatchdog(tx, now);
  if (listWanted || truncated > 0 || rest.length > 0) await wantList(tx);
  if (truncated > 0) {
    log().warn({ truncated, receiver, groupKey }, 'Alertmanager left alerts out of a delivery; its list is read');
  }
  return { id, changed, rest };
}

/** Only a 5xx is sent again: a conflict of transactions must not lose a delivery. */
function againLater(error: unknown): unknown {
  if (databaseError(error)?.code !== 'database.conflict') return error;
  return new AppError('database.unavailable', 'Send it again in a moment.', { cause: error, retryAfterSeconds: 1 });
}

/** Keeps aside what cannot be taken, and has Alertmanager's own list read instead. Never throws. */
export async function setAside(text: string, error: AppError): Promise<void> {
  try {
    await keepMalformed(
      db(),
      text,
      [error.detail, ...error.errors.map(({ path, message }) => `${path}: ${message}`)].join('\n'),
    );
    await wantList(db());
    log().warn({ code: error.code, detail: error.detail }, 'a delivery of Alertmanager cannot be read');
  } catch (failure) {
    const level = isUnavailable(failure) ? 'warn' : 'error';
    log()[level]({ err: failure, code: error.code }, 'a delivery that cannot be read could not be kept');
  }
}

function toObserved(alert: Webhook['alerts'][number], body: Webhook): Observed {
  const { QD_ENVIRONMENT_LABEL, QD_DEFAULT_ENVIRONMENT } = config();
  const told = { environmentLabel: QD_ENVIRONMENT_LABEL, defaultEnvironment: QD_DEFAULT_ENVIRONMENT };
  const endsAt = new Date(alert.endsAt);
  return {
    ...readLabels(alert.labels, told),
    fingerprint: alert.fingerprint,
    startsAt: new Date(alert.startsAt),
    // While it fires, the end is the zero of Go's time.
    endsAt: alert.status === 'resolved' && endsAt.getTime() > 0 ? endsAt : null,
    status: alert.status,
    labels: alert.labels,
    annotations: alert.annotations,
    generatorUrl: alert.generatorURL || null,
    receivers: [body.receiver],
    groups: [{ receiver: body.receiver, labels: body.groupLabels }],
    groupKey: body.groupKey,
  };
}
