import {
  type AlertGroup,
  type Alertmanager,
  configuredAlertmanager,
  type HeldAlert,
  isAlertmanagerError,
  type Member,
} from '#lib/adapters/alertmanager/index.ts';
import { config } from '#lib/core/config.ts';
import { db, notify, type Transaction, withTransaction } from '#lib/db/index.ts';
import type { Decision, Observed } from './decide.ts';
import { resolveAbsent } from './decide.ts';
import { readLabels, watchdogName } from './label-rules.ts';
import { claimCounting, keepAnswered, keepFailing, seeWatchdog } from './state-store.ts';
import { type AlertGroupRef, type AlertRow, lockFingerprints } from './store.ts';
import { takeIn, write } from './take-in.ts';

export const reconciler = { kind: 'job', id: 'alerts.reconcile', name: 'Alertmanager' } as const;

/** Absences are counted once a minute, however often the list is read. */
const countEveryMs = 45_000;
const mostAbsences = 3;
const chunk = 1_000;

export interface Reconciled {
  state: 'not_configured' | 'failing' | 'ok';
  held: number;
  changed: number;
}

/**
 * Brings what is kept in line with Alertmanager's own list: what webhooks lost is taken in, who quiets what is noted,
 * and what it no longer holds is resolved after its end or three absences. Without its answer nothing is resolved.
 * Safe to run by several at once.
 */
export async function reconcile({
  signal,
  alertmanager = configuredAlertmanager(),
  countEveryMs: every = countEveryMs,
}: {
  signal?: AbortSignal;
  alertmanager?: Alertmanager | null;
  countEveryMs?: number;
} = {}): Promise<Reconciled> {
  if (!alertmanager) return { state: 'not_configured', held: 0, changed: 0 };
  const at = await databaseNow();
  let held: HeldAlert[];
  let groups: AlertGroup[];
  let members: Member[];
  try {
    [held, groups, members] = await Promise.all([
      alertmanager.alerts({ signal }),
      alertmanager.groups({ signal }),
      alertmanager.members({ signal }),
    ]);
  } catch (error) {
    if (!isAlertmanagerError(error)) throw error;
    await noteFailure(at, error.detail, await alertmanager.members({ signal }));
    return { state: 'failing', held: 0, changed: 0 };
  }
  const sightings = held.filter(({ labels }) => labels.alertname === watchdogName);
  const alerts = held.filter(({ labels }) => labels.alertname !== watchdogName);
  const groupsOf = groupsByFingerprint(groups);
  let changed = 0;
  for (let start = 0; start < alerts.length; start += chunk) {
    const observed = alerts
      .slice(start, start + chunk)
      .map((alert) => toObserved(alert, groupsOf.get(alert.fingerprint) ?? []));
    changed += (await withTransaction((tx) => takeIn(tx, observed, { actor: reconciler, now: at }))).changed;
  }
  changed += await endAbsent(
    at,
    alerts.map(({ fingerprint }) => fingerprint),
    every,
  );
  await withTransaction(async (tx) => {
    for (const { updatedAt } of sightings) await seeWatchdog(tx, new Date(updatedAt));
    const [before] = await tx.$queryRaw<{ failing_since: Date | null; reconciled_at: Date | null }[]>`
      select failing_since, reconciled_at from alertmanager_state where id = 1`;
    await keepAnswered(tx, at, members);
    if (before?.failing_since || !before?.reconciled_at) await announce(tx);
  });
  return { state: 'ok', held: alerts.length, changed };
}

const announce = (tx: Transaction) => notify(tx, { topic: 'alerts', id: '', audience: 'everyone' });

/** Postgres's time, by which the workers agree. */
async function databaseNow(): Promise<Date> {
  const [row] = await db().$queryRaw<{ at: Date }[]>`select date_trunc('milliseconds', clock_timestamp()) as at`;
  return row?.at ?? new Date();
}

async function noteFailure(at: Date, detail: string, members: Member[]): Promise<void> {
  await withTransaction(async (tx) => {
    if (await keepFailing(tx, at, detail, members)) await announce(tx);
  });
}

function groupsByFingerprint(groups: readonly AlertGroup[]): Map<string, AlertGroupRef[]> {
  const found = new Map<string, AlertGroupRef[]>();
  for (const { receiver, labels, alerts } of groups) {
    for (const { fingerprint } of alerts) {
      const of = found.get(fingerprint) ?? [];
      of.push({ receiver, labels });
      found.set(fingerprint, of);
    }
  }
  return found;
}

function toObserved(alert: HeldAlert, groups: AlertGroupRef[]): Observed {
  const { QD_ENVIRONMENT_LABEL, QD_DEFAULT_ENVIRONMENT } = config();
  const told = { environmentLabel: QD_ENVIRONMENT_LABEL, defaultEnvironment: QD_DEFAULT_ENVIRONMENT };
  return {
    ...readLabels(alert.labels, told),
    fingerprint: alert.fingerprint,
    startsAt: new Date(alert.startsAt),
    endsAt: new Date(alert.endsAt),
    status: 'firing',
    labels: alert.labels,
    annotations: alert.annotations,
    generatorUrl: alert.generatorUrl,
    receivers: alert.receivers,
    groups,
    groupKey: null,
    held: {
      silencedBy: [...alert.silencedBy].sort(),
      inhibitedBy: [...alert.inhibitedBy].sort(),
      updatedAt: new Date(alert.updatedAt),
    },
  };
}

/** Resolves what the list of `at` does not have (any more) and what nothing was heard of since. */
async function endAbsent(at: Date, held: readonly string[], everyMs: number): Promise<number> {
  return withTransaction(async (tx) => {
    const absent = await tx.$queryRaw<{ id: string; fingerprint: string }[]>`
      select id, fingerprint from alert
      where status = 'firing' and last_seen_at < ${at}::timestamptz and not (fingerprint = any(${held}::text[]))`;
    if (absent.length === 0) return 0;
    await lockFingerprints(
      tx,
      absent.map(({ fingerprint }) => fingerprint),
    );
    const ids = absent.map(({ id }) => id);
    const counting = await claimCounting(tx, everyMs);
    const over = await tx.$queryRaw<AlertRow[]>`
      update alert set absences = absences + ${counting ? 1 : 0}::int
      where id = any(${ids}::uuid[]) and status = 'firing' and last_seen_at < ${at}::timestamptz
      returning *`;
    const ended = over.filter(
      ({ absences, ends_at }) => absences >= mostAbsences || (ends_at !== null && ends_at <= at),
    );
    const decision: Decision = resolveAbsent(ended, at);
    await write(tx, decision, reconciler);
    return decision.changes.length;
  });
}
