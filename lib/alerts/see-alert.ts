import { configuredAlertmanager, isAlertmanagerError } from '#lib/adapters/alertmanager/index.ts';
import type { Context } from '#lib/core/context.ts';
import { db } from '#lib/db/index.ts';
import { authorize } from '#lib/facts/index.ts';
import { comparedWords } from './chart-rules.ts';
import { burnWords, endWords, ruleWords } from './explain-alert.ts';
import { comparisonsOf } from './expression.ts';
import { findRule } from './find-rule.ts';
import type { AlertDetail, AlertEvent } from './schemas.ts';
import { type AlertRow, selectAlert } from './store.ts';
import * as verbs from './verbs.ts';
import { requireReach, toAlert, unknownAlert } from './view.ts';

const mostEvents = 200;
const mostEarlier = 50;

interface EventRow {
  id: string;
  at: Date;
  kind: AlertEvent['kind'];
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  detail: Record<string, unknown>;
}

/** The newest firing of an alert with what it means, what became of it, and the firings before. */
export async function seeAlert({ ctx, fingerprint }: { ctx: Context; fingerprint: string }): Promise<AlertDetail> {
  const actor = await authorize(ctx, verbs.listAlerts);
  const row = await selectAlert(db(), fingerprint);
  if (!row) throw unknownAlert(fingerprint);
  requireReach(actor, row);
  const [{ rule, problem }, events, earlier, silences, burning] = await Promise.all([
    findRule(row, ctx.signal),
    selectEvents(row.id),
    selectEarlier(row),
    silencesOf(row, ctx.signal),
    burnWords(row, ctx.clock.now()),
  ]);
  const comparisons = rule ? comparisonsOf(rule.expression) : [];
  const compared = comparisons.find(({ burn }) => burn !== null) ?? comparisons[0];
  return {
    alert: toAlert(row),
    explanation: [
      ...(burning.length > 0 ? burning : ruleWords(rule, comparisons)),
      ...(rule ? [] : [unexplained(problem)]),
      ...endWords(row),
    ],
    expression: rule?.expression ?? null,
    threshold: compared
      ? {
          value: compared.burn?.factor ?? compared.threshold,
          label: compared.burn ? compared.written : comparedWords(compared),
        }
      : null,
    history: events.map(({ id, at, kind, detail, ...by }) => ({
      id,
      at: at.toISOString(),
      kind,
      actor: { kind: by.actor_kind, id: by.actor_id, name: by.actor_name },
      detail,
    })),
    earlier,
    silences,
  };
}

const unexplained = (problem: string | null) => `What fires it is not known here. ${problem ?? ''}`.trim();

async function selectEvents(alertId: string): Promise<EventRow[]> {
  return db().$queryRaw<EventRow[]>`
    select id, at, kind, actor_kind, actor_id, actor_name, detail from alert_event
    where alert_id = ${alertId}::uuid order by at desc, id desc limit ${mostEvents}`;
}

async function selectEarlier({ fingerprint, starts_at }: AlertRow): Promise<AlertDetail['earlier']> {
  const rows = await db().$queryRaw<AlertRow[]>`
    select * from alert where fingerprint = ${fingerprint} and starts_at < ${starts_at}
    order by starts_at desc limit ${mostEarlier}`;
  return rows.map((row) => ({
    startsAt: row.starts_at.toISOString(),
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    acknowledgedBy: row.acknowledged_by_name,
  }));
}

/** What quiets it, in the words of whoever made it; nothing while Alertmanager does not answer. */
async function silencesOf(row: AlertRow, signal?: AbortSignal): Promise<AlertDetail['silences']> {
  const door = configuredAlertmanager();
  if (!door || row.silenced_by.length === 0) return [];
  try {
    const found = await Promise.all(row.silenced_by.map((id) => door.silence(id, { signal })));
    return found.flatMap((one) =>
      one ? [{ id: one.id, comment: one.comment, createdBy: one.createdBy, endsAt: one.endsAt }] : [],
    );
  } catch (error) {
    if (!isAlertmanagerError(error)) throw error;
    return [];
  }
}
