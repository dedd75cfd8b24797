import { type CatalogEntry, entryFor } from '#lib/catalog/index.ts';
import { burnOf } from './budget-rules.ts';
import { exhaustionOf, type ForecastInput, type Pace } from './forecast-rules.ts';
import { type LiveAlert, type LiveBurn, type LiveSlo, windowMsOf } from './live-burn.ts';
import { stepFor } from './policy-rules.ts';
import type { StoredFigures } from './refresh-figures.ts';
import type { PolicyStep, SloDefinition, SloSummary, WindowFigures } from './schemas.ts';
import { judge, staleAfterMs } from './state-rules.ts';
import { bucketMs, dayMs, hourMs, minuteMs } from './window-rules.ts';

/** An SLO with its ledger, as the database has it. */
export interface KeptSlo {
  id: string;
  name: string;
  environment: string;
  service: string;
  origin: 'file' | 'ui';
  file: string | null;
  definition: SloDefinition;
  ledgerUntilMs: number | null;
  backfill: 'none' | 'running' | 'done' | 'failed';
  error: string | null;
  failingSinceMs: number | null;
  /** null until the ledger has anything. */
  figures: StoredFigures | null;
}

export interface Surroundings {
  live: LiveBurn;
  /** Steps of budget policies by name. */
  steps: ReadonlyMap<string, readonly PolicyStep[]>;
  entries: readonly CatalogEntry[];
  nowMs: number;
}

const absentAlert = 'SLODataAbsent';

/** One row of the list from what is stored and what the rules say now. */
export function summarise(slo: KeptSlo, { live, steps, entries, nowMs }: Surroundings): SloSummary {
  const { definition, figures } = slo;
  const now = live.slos.get(slo.name) ?? null;
  const entry = entryFor(entries, slo.environment, slo.service);
  const policySteps = steps.get(definition.policy) ?? [];
  const step = figures && stepFor(policySteps, figures.budgetLeft);
  const forecast = forecastInput(slo, { now, steps: policySteps, nowMs });
  const exhaustedAtMs = forecast && exhaustionOf(forecast);
  const isSpent = figures?.budgetLeft != null && figures.budgetLeft <= 0;
  const alert = worstAlert(now);
  const absent = now?.alerts.find(({ name }) => name === absentAlert);
  const longWindowMs = windowMsOf(alert?.longWindow ?? undefined);
  const burnNow = burnOver(slo, now, 5 * minuteMs);
  const lastHour = figures?.recent[hourMs] ?? null;
  const judged = judge({
    nowMs,
    window: definition.window,
    figures,
    ledgerUntilMs: slo.ledgerUntilMs,
    backfill: slo.backfill,
    ledgerError: slo.error,
    lastHour,
    live: now && {
      totalNow: now.rates.get(5 * minuteMs)?.total ?? null,
      totalLastHour: now.rates.get(hourMs)?.total ?? null,
    },
    firing: alert && { ...alert, longWindowMs },
    isAbsent: absent !== undefined,
    absentSinceMs: absent?.sinceMs ?? null,
    burn: alert && longWindowMs !== null ? burnOver(slo, now, longWindowMs) : burnNow,
    exhaustedAtMs,
    paceMs: forecast?.paces[0].lengthMs ?? null,
    step,
  });
  return {
    environment: slo.environment,
    name: slo.name,
    displayName: definition.displayName ?? slo.name,
    service: slo.service,
    owner: definition.owner ?? entry?.owner ?? null,
    tier: definition.tier ?? entry?.tier ?? null,
    category: definition.category,
    target: definition.target,
    window: definition.window,
    measuredAt: definition.measuredAt,
    origin: slo.origin,
    file: slo.file,
    ...judged,
    figures: figures && windowFiguresOf(figures),
    burnNow,
    exhaustedAt: exhaustedAtMs === null || isSpent ? null : new Date(exhaustedAtMs).toISOString(),
    policyName: definition.policy,
    policyStep: step?.name ?? null,
    firing: alert?.severity ?? null,
    stale: staleOf(slo, nowMs),
    backfill: slo.backfill,
  };
}

/** The figures of a window alone, without what is stored beside them. */
export function windowFiguresOf(stored: StoredFigures): WindowFigures {
  const { adjusted: _adjusted, recent: _recent, leaving: _leaving, ...figures } = stored;
  return figures;
}

function staleOf({ ledgerUntilMs, error, failingSinceMs }: KeptSlo, nowMs: number): SloSummary['stale'] {
  if (ledgerUntilMs === null) {
    return error === null ? null : { since: new Date(failingSinceMs ?? nowMs).toISOString(), reason: error };
  }
  if (nowMs - ledgerUntilMs <= staleAfterMs) return null;
  const reason = error ?? 'The worker has not written its ledger since then.';
  return { since: new Date(ledgerUntilMs).toISOString(), reason };
}

/** Of what fires about its burning, pages first, then what reacts soonest. */
export function worstAlert(now: LiveSlo | null): LiveAlert | null {
  const weight = ({ severity, longWindow }: LiveAlert) =>
    (severity === 'page' ? 0 : 1e12) + (windowMsOf(longWindow ?? undefined) ?? 1e11);
  const burning = now?.alerts.filter(({ name }) => name !== absentAlert) ?? [];
  return burning.sort((a, b) => weight(a) - weight(b))[0] ?? null;
}

/** Burn over a window by the recorded rules, else by the end of the ledger; null: unknown or no traffic. */
export function burnOver({ definition, figures }: KeptSlo, now: LiveSlo | null, windowMs: number): number | null {
  const live = now?.rates.get(windowMs);
  if (live) return burnOf(live.bad, live.total, definition.target);
  const recent = figures?.recent[windowMs];
  return recent ? burnOf(recent.bad, recent.total, definition.target) : null;
}

/** What a forecast starts from; null while too little is known. */
export function forecastInput(
  { definition, figures, ledgerUntilMs }: KeptSlo,
  { now, steps, nowMs }: { now: LiveSlo | null; steps: readonly PolicyStep[]; nowMs: number },
): ForecastInput | null {
  if (!figures?.recent || ledgerUntilMs === null || figures.total <= 0) return null;
  const sinceMs = Math.max(0, nowMs - ledgerUntilMs);
  if (sinceMs > hourMs) return null;
  const pace = (lengthMs: number): Pace => {
    const live = now?.rates.get(lengthMs);
    if (live) return { lengthMs, bad: live.bad / 1_000, total: live.total / 1_000 };
    const recent = figures.recent[lengthMs];
    const knownMs = recent ? recent.coverage * lengthMs : 0;
    if (!recent || knownMs <= 0) return { lengthMs, bad: 0, total: 0 };
    return { lengthMs, bad: recent.bad / knownMs, total: recent.total / knownMs };
  };
  // What a fault has burnt goes on only if it burns now: a day's pace alone would cry for a day after each outage.
  const calm = slower(pace(hourMs), pace(dayMs));
  const paces: [Pace, ...Pace[]] =
    worstAlert(now)?.severity === 'page' ? [pace(bucketMs), pace(hourMs)] : [calm, pace(6 * hourMs), pace(3 * dayMs)];
  const since = liveSince(pace(bucketMs), figures, sinceMs);
  const { leaving } = figures;
  return {
    nowMs,
    window: definition.window,
    target: definition.target,
    bad: figures.bad + since.bad,
    total: figures.total + since.total,
    endsMs: definition.window.kind === 'calendar' ? Date.parse(figures.endsAt) : null,
    leaving: (leaving?.endMs ?? []).map((endMs, index) => ({
      inMs: Math.max(0, endMs - sinceMs),
      bad: leaving?.bad[index] ?? 0,
      total: leaving?.total[index] ?? 0,
    })),
    paces,
    steps,
  };
}

const slower = (a: Pace, b: Pace) => (a.bad * b.total <= b.bad * a.total ? a : b);

/** Events since the ledger ended: the last five minutes as they are now, what lies between as its last bucket was. */
export function liveSince(
  now: Pace,
  { recent }: Pick<StoredFigures, 'recent'>,
  sinceMs: number,
): { bad: number; total: number } {
  const liveMs = Math.min(sinceMs, bucketMs);
  const last = recent[bucketMs];
  const between = (sinceMs - liveMs) / bucketMs;
  return {
    bad: now.bad * liveMs + (last?.bad ?? 0) * between,
    total: now.total * liveMs + (last?.total ?? 0) * between,
  };
}
