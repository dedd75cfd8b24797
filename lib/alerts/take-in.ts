import type { Actor } from '#lib/core/actor.ts';
import { notify, type Transaction } from '#lib/db/index.ts';
import { appendFacts, type NewFact } from '#lib/facts/index.ts';
import { type Change, type Decision, decide, type Observed } from './decide.ts';
import {
  type AlertRow,
  clearAcknowledgements,
  insertAlerts,
  insertEvents,
  lockFingerprints,
  type NewAlertEvent,
  selectKnown,
  touchAlerts,
  updateAlerts,
} from './store.ts';

type By = Pick<Actor, 'kind' | 'id' | 'name'>;

const longestTitle = 200;

/**
 * Keeps what was heard of alerts, with their events and facts, in one transaction; the same heard again changes
 * nothing. Returns how many firings or resolutions were news, and whether Alertmanager's own list must decide.
 */
export async function takeIn(
  tx: Transaction,
  observed: readonly Observed[],
  { actor, now }: { actor: By; now: Date },
): Promise<{ changed: number; listWanted: boolean }> {
  if (observed.length === 0) return { changed: 0, listWanted: false };
  await lockFingerprints(
    tx,
    observed.map(({ fingerprint }) => fingerprint),
  );
  const decision = decide(observed, await selectKnown(tx, observed), now);
  await write(tx, decision, actor);
  await touchAlerts(tx, [...decision.touched], now);
  return { changed: decision.changes.length, listWanted: decision.listWanted };
}

/** Writes rows, events and facts of a decision, and announces them. */
export async function write(
  tx: Transaction,
  { inserted, updated, changes }: Pick<Decision, 'inserted' | 'updated' | 'changes'>,
  actor: By,
): Promise<void> {
  await appendEach(tx, changes, actor);
  await insertAlerts(tx, inserted);
  const reopened = changes.filter(({ kind }) => kind === 'reopened').map(({ row }) => row);
  await updateAlerts(tx, [...new Set([...updated, ...reopened])]);
  await clearAcknowledgements(
    tx,
    reopened.map(({ id }) => id),
  );
  await insertEvents(
    tx,
    changes.map((change) => eventOf(change, actor)),
  );
  const [first] = changes;
  if (first) await notify(tx, { topic: 'alerts', id: changes.length === 1 ? first.row.id : '', audience: 'everyone' });
}

const eventOf = (change: Change, actor: By): NewAlertEvent =>
  change.kind === 'reopened'
    ? { alertId: change.row.id, at: change.at, kind: 'firing', actor, detail: { again: true } }
    : { alertId: change.row.id, at: change.at, kind: change.kind, actor, detail: change.detail };

/** The facts of firings and resolutions, as they are in the end: each supersedes the one before of its alert. */
async function appendEach(tx: Transaction, changes: readonly Change[], actor: By): Promise<void> {
  const rows = [...new Set(changes.filter(({ kind }) => tellable.has(kind)).map(({ row }) => row))];
  const ids = await appendFacts(
    tx,
    rows.map((row) => factOf(row, actor)),
  );
  rows.forEach((row, index) => {
    row.fact_id = ids[index] ?? row.fact_id;
  });
}

const tellable = new Set<Change['kind']>(['firing', 'resolved', 'reopened']);

/** An alert as a fact: from its start to its end, where it has one. */
export function factOf(row: AlertRow, actor: By): NewFact {
  const title = row.summary === row.name ? row.name : `${row.name}: ${row.summary}`;
  return {
    environment: row.environment,
    kind: 'alert',
    services: row.service ? [row.service] : [],
    startAt: row.starts_at,
    endAt: row.resolved_at,
    actor,
    subject: { kind: 'alert', id: row.id },
    title: title.length > longestTitle ? `${title.slice(0, longestTitle - 1)}…` : title,
    payload: {
      fingerprint: row.fingerprint,
      name: row.name,
      severity: row.severity,
      slo: row.slo,
      status: row.status,
    },
    source: 'alertmanager',
    ...(row.fact_id ? { supersedes: row.fact_id } : {}),
  };
}
