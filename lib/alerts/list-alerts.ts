import { config } from '#lib/core/config.ts';
import type { Context } from '#lib/core/context.ts';
import { canonicalJson } from '#lib/core/hash.ts';
import { db } from '#lib/db/index.ts';
import { authorize, requireScope } from '#lib/facts/index.ts';
import { alertingHealth } from './health.ts';
import { decodeAlertCursor, encodeAlertCursor } from './list-cursor.ts';
import { countByState, selectPage } from './list-store.ts';
import type { AlertList, AlertQuery } from './schemas.ts';
import type { AlertRow } from './store.ts';
import * as verbs from './verbs.ts';
import { toAlert } from './view.ts';

const liveStates = ['firing', 'acknowledged', 'silenced', 'inhibited'] as const;

/**
 * Alerts of an environment from what is kept, so that they are there while Alertmanager is not; a token sees those of
 * its services only.
 */
export async function listAlerts({ ctx, query }: { ctx: Context; query: AlertQuery }): Promise<AlertList> {
  const actor = await authorize(ctx, verbs.listAlerts);
  const { cursor, limit, state, env, ...rest } = query;
  const environment = env ?? config().QD_DEFAULT_ENVIRONMENT;
  requireScope(actor, { environment, services: rest.service === undefined ? [] : [rest.service] });
  const filter = { environment, ...rest };
  const now = ctx.clock.now();
  const after = decodeAlertCursor(cursor);
  const [rows, counts, health] = await Promise.all([
    selectPage(db(), actor, filter, { states: state ?? liveStates, limit, after }),
    countByState(db(), actor, filter, now),
    alertingHealth(now),
  ]);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(toAlert),
    nextCursor:
      rows.length > limit && last ? encodeAlertCursor({ rank: last.rank, at: last.starts_at, id: last.id }) : null,
    groups: groupsOf(page),
    counts,
    ...health,
  };
}

/** The groups that Alertmanager has these alerts in, in the order of their first alert. */
function groupsOf(rows: readonly AlertRow[]): AlertList['groups'] {
  const groups = new Map<string, AlertList['groups'][number]>();
  for (const row of rows) {
    if (row.status === 'resolved') continue;
    for (const { receiver, labels } of row.groups) {
      const key = `${receiver}:${canonicalJson(labels)}`;
      const group = groups.get(key) ?? { key, receiver, labels, alerts: [] };
      group.alerts.push(row.id);
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}
