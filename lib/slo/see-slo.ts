import { catalog } from '#lib/catalog/index.ts';
import type { Context } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { db } from '#lib/db/index.ts';
import { budgetShare, isReachable, recordedWindows, tiersOf } from './burn-rules.ts';
import { selectLedgerStates } from './figure-store.ts';
import { findSlo, type SloAddress } from './find-slo.ts';
import { forecastOf } from './forecast-rules.ts';
import { selectKeptSlos } from './kept-slos.ts';
import { alertOf, type LiveBurn, type LiveSlo, listWindowsMs, liveBurn, liveBurnOf } from './live-burn.ts';
import { selectPolicy } from './policy-store.ts';
import type { MeasuredAt, SloDetail, SloProblem, TierState } from './schemas.ts';
import { percent } from './sentence-rules.ts';
import { burnOver, forecastInput, type KeptSlo, summarise } from './summarise.ts';
import { tierProblems } from './tier-problems.ts';
import * as verbs from './verbs.ts';

/**
 * One SLO with its figures of now: budget, burn over every window of its alerts, forecast, policy. Two upstream queries,
 * of which the first is the one that the list shares; nothing of the window is summed up here, the worker has.
 */
export async function seeSlo(ctx: Context, address: SloAddress): Promise<SloDetail> {
  const slo = await findSlo(ctx, verbs.seeSlo, address);
  const { environment, name, definition } = slo;
  const others = recordedWindows(definition).filter((ms) => !listWindowsMs.includes(ms));
  const [[kept], states, policy, live, more] = await Promise.all([
    selectKeptSlos(db(), address),
    selectLedgerStates(db(), [slo.id]),
    selectPolicy(db(), definition.policy),
    liveBurn(environment),
    liveBurnOf(environment, name, others),
  ]);
  if (!kept) throw new AppError('slo.unknown', `There is no SLO ${name} in ${environment}.`);
  const state = states.get(slo.id);
  const now = live.slos.get(name) ?? null;
  const nowMs = Date.now();
  const steps = policy?.steps ?? [];
  const surroundings = { live, steps: new Map([[definition.policy, steps]]), entries: catalog().entries, nowMs };
  const input = forecastInput(kept, { now, steps, nowMs });
  return {
    ...summarise(kept, surroundings),
    description: definition.description,
    definition,
    revision: slo.revision,
    ledgerRevision: slo.ledgerRevision,
    version: slo.version,
    measuredAtSentence: measuredAtSentences[definition.measuredAt],
    tiers: tierStates(kept, live, joined(now, more.slos.get(name) ?? null)),
    forecast: input && forecastOf(input),
    adjusted: kept.figures?.adjusted ?? null,
    policy,
    ledger: {
      from: instantOf(state?.ledgerFromMs),
      until: instantOf(state?.ledgerUntilMs),
      backfill: kept.backfill,
      error: kept.error,
    },
    warnings: warningsOf(kept, live.error ?? more.error, now !== null),
  };
}

const instantOf = (ms: number | null | undefined) => (ms == null ? null : new Date(ms).toISOString());

const joined = (a: LiveSlo | null, b: LiveSlo | null): LiveSlo | null =>
  a || b ? { rates: new Map([...(a?.rates ?? []), ...(b?.rates ?? [])]), alerts: a?.alerts ?? [] } : null;

const measuredAtSentences: Record<MeasuredAt, string> = {
  caller: 'Measured at its callers: requests that it does not answer at all cost budget.',
  gateway: 'Measured at the gateway: requests that it does not answer at all cost budget.',
  probe: 'Measured by a probe: time in which it does not answer costs budget.',
  service: 'Measured by the service itself: while it is dead it reports nothing, and that costs no budget.',
};

function tierStates(slo: KeptSlo, live: LiveBurn, now: LiveSlo | null): TierState[] {
  const { definition } = slo;
  return tiersOf(definition).map((tier) => {
    const alert = alertOf(now, tier);
    // Without its recordings the rules do not run here, so that nothing says that it is quiet.
    const isWatched = live.error === null && (now?.rates.size ?? 0) > 0;
    return {
      ...tier,
      budgetShare: budgetShare(tier, definition.window),
      reachable: isReachable(tier, definition.target),
      longBurn: burnOver(slo, now, tier.longMs),
      shortBurn: burnOver(slo, now, tier.shortMs),
      state: alert ? 'firing' : isWatched ? 'quiet' : 'unknown',
      since: instantOf(alert?.sinceMs),
    };
  });
}

/** Less of the window than this known is worth a warning. */
const littleCoverage = 0.95;

function warningsOf({ definition, figures }: KeptSlo, liveError: string | null, isRecorded: boolean): SloProblem[] {
  const warning = (code: string, path: string, message: string): SloProblem => ({
    level: 'warning',
    code,
    line: null,
    column: null,
    path,
    message,
  });
  const warnings = tierProblems(definition, {});
  if (liveError !== null) {
    warnings.push(warning('slo.live_unknown', '', `How it burns at this moment is not known: ${liveError}`));
  } else if (!isRecorded && figures) {
    const message =
      'Prometheus has no recordings of it: burn rates are from the ledger, up to ten minutes old, and nothing pages.';
    warnings.push(warning('slo.not_recorded', '', message));
  }
  if (figures && figures.coverage < littleCoverage) {
    const message = `Only ${percent(figures.coverage)} of the window is known.`;
    warnings.push(warning('slo.coverage_low', 'figures.coverage', message));
  }
  return warnings;
}
