import { config } from '#lib/core/config.ts';
import type { Call } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { log } from '#lib/core/log.ts';
import { databaseError, db, isUnavailable } from '#lib/db/index.ts';
import { perform } from '#lib/facts/index.ts';
import type { Observed } from './decide.ts';
import { insertDelivery, keepMalformed } from './delivery-store.ts';
import { readLabels, watchdogName } from './label-rules.ts';
import { type Webhook, webhook } from './schemas.ts';
import { seeWatchdog, wantList } from './state-store.ts';
import { takeIn } from './take-in.ts';
import * as verbs from './verbs.ts';

export const deliveryLimitBytes = 5 * 1024 * 1024;
const mostAlerts = 10_000;

const alertmanager = { kind: 'hook', id: 'alertmanager', name: 'Alertmanager' } as const;

/**
 * Takes a delivery of Alertmanager's webhook: kept, with all that follows from it, before it is answered. Sent again
 * it changes nothing. Fails with 503 whatever the trouble of the database is, so that Alertmanager sends it again.
 */
export async function receiveAlerts({ ctx, input }: Call): Promise<{ id: string; alerts: number; changed: number }> {
  const count = (input as { alerts?: unknown[] } | null)?.alerts?.length ?? 0;
  if (count > mostAlerts) {
    throw new AppError('request.too_large', `One delivery may have at most ${mostAlerts.toLocaleString('en')} alerts.`);
  }
  try {
    return await perform(
      ctx,
      verbs.receiveAlerts,
      input,
      { schema: webhook },
      async ({ tx, input: body, now, record }) => {
        const id = await insertDelivery(tx, body);
        const observed = body.alerts.map((alert) => toObserved(alert, body));
        const { changed, listWanted } = await takeIn(
          tx,
          observed.filter(({ name }) => name !== watchdogName),
          { actor: alertmanager, now },
        );
        const firing = body.alerts.filter(({ status }) => status === 'firing').length;
        record.audit(
          { kind: 'delivery', id },
          { receiver: body.receiver, firing, resolved: body.alerts.length - firing, truncated: body.truncatedAlerts },
        );
        // The one row that every delivery may write comes last, so that it is held for a moment only.
        if (observed.some(({ name, status }) => name === watchdogName && status === 'firing')) {
          await seeWatchdog(tx, now);
        }
        if (listWanted || body.truncatedAlerts > 0) await wantList(tx);
        if (body.truncatedAlerts > 0) {
          const { truncatedAlerts: truncated, receiver, groupKey } = body;
          log().warn({ truncated, receiver, groupKey }, 'Alertmanager left alerts out of a delivery; its list is read');
        }
        return { id, alerts: body.alerts.length, changed };
      },
    );
  } catch (error) {
    throw againLater(error);
  }
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
