import { config } from '#lib/core/config.ts';
import type { Context } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import type { TimePoint } from '#lib/core/time-range.ts';
import { db } from '#lib/db/index.ts';
import { instantMs } from '#lib/telemetry/index.ts';
import { selectExclusions } from './exclusion-store.ts';
import { selectBuckets, selectLedgerStates } from './figure-store.ts';
import { findSlo, type SloAddress } from './find-slo.ts';
import { historyOf, historyStep, leadOf, unitFor } from './history-rules.ts';
import { keepBucketsMs } from './ledger-store.ts';
import type { SloHistory, TimeWindow } from './schemas.ts';
import * as verbs from './verbs.ts';
import { bucketMs, dayMs, hourMs, windowAt } from './window-rules.ts';

export interface HistoryRange {
  from?: TimePoint;
  to?: TimePoint;
}

const longestMs = 800 * dayMs;

/**
 * Everything that the charts of an SLO show, from its ledger alone: over its own window where no range is given, then
 * `budgetLeft` burns down from its beginning; else `budgetLeft` is what was left of the window at each instant.
 */
export async function seeHistory(ctx: Context, address: SloAddress, range: HistoryRange): Promise<SloHistory> {
  const slo = await findSlo(ctx, verbs.seeSlo, address);
  const { definition } = slo;
  const [states, exclusions] = await Promise.all([selectLedgerStates(db(), [slo.id]), selectExclusions(db(), slo.id)]);
  const state = states.get(slo.id);
  const nowMs = ctx.clock.now().getTime();
  const untilMs = state?.ledgerUntilMs ?? Math.floor(nowMs / bucketMs) * bucketMs;
  const asked = askedSpan(range, nowMs);
  const burnDown = asked ? null : ownWindow(definition.window, untilMs);
  const span = asked ?? { fromMs: burnDown?.fromMs ?? untilMs, toMs: Math.max(burnDown?.endsMs ?? untilMs, untilMs) };
  const unit = unitFor({
    fromMs: leadOf(definition, span.fromMs, burnDown !== null),
    toMs: Math.min(span.toMs, untilMs),
    bucketsFromMs: Math.floor((nowMs - keepBucketsMs) / dayMs) * dayMs,
  });
  const unitMs = unit === 'hour' ? hourMs : bucketMs;
  const stepMs = Math.max(unitMs, historyStep(span.toMs - span.fromMs));
  // On the clock, and never one more step than fits: what is before the first counts all the same.
  const fromMs = Math.ceil(span.fromMs / stepMs) * stepMs;
  const grid = { fromMs, toMs: Math.max(fromMs + stepMs, Math.ceil(span.toMs / stepMs) * stepMs), stepMs };
  const leadMs = leadOf(definition, grid.fromMs, burnDown !== null);
  const toMs = Math.min(grid.toMs, untilMs);
  const stretch = { sloId: slo.id, revision: slo.ledgerRevision, fromMs: Math.floor(leadMs / unitMs) * unitMs, toMs };
  const columns = await selectBuckets(db(), stretch, unit);
  const generatedUntil = config().QD_GENERATED_HISTORY_UNTIL;
  return {
    ...historyOf({
      definition,
      ledger: { unitMs, ...columns },
      ledgerFromMs: state?.ledgerFromMs ?? null,
      untilMs: state?.ledgerUntilMs ?? leadMs,
      grid,
      burnDown,
    }),
    generatedUntil: generatedUntil && Date.parse(generatedUntil) > grid.fromMs ? generatedUntil : null,
    exclusions: exclusions
      .filter(({ startAt, endAt }) => startAt.getTime() < grid.toMs && endAt.getTime() > grid.fromMs)
      .map((one) => ({ id: one.id, from: one.startAt.toISOString(), to: one.endAt.toISOString(), state: one.state })),
  };
}

const ownWindow = (window: TimeWindow, untilMs: number) =>
  windowAt(window, window.kind === 'rolling' ? untilMs : untilMs - 1);

function askedSpan({ from, to }: HistoryRange, nowMs: number): { fromMs: number; toMs: number } | null {
  if (!from && !to) return null;
  const toMs = Math.min(to ? instantMs(to, nowMs) : nowMs, nowMs);
  const fromMs = from ? instantMs(from, nowMs) : toMs - dayMs;
  const problem = (message: string) =>
    new AppError('request.invalid', `from: ${message}`, { errors: [{ path: 'from', code: 'range', message }] });
  if (fromMs >= toMs) throw problem('must be before to, and not in the future');
  if (toMs - fromMs > longestMs) throw problem('must be at most 800 days before to');
  return { fromMs, toMs };
}
