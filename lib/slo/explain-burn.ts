import { db } from '#lib/db/index.ts';
import { noSums } from './budget-rules.ts';
import { tiersOf } from './burn-rules.ts';
import { explain } from './explain-rules.ts';
import { type Stretch, sumStretches } from './figure-store.ts';
import { horizonOf, reaches } from './forecast-rules.ts';
import { selectKeptSlos } from './kept-slos.ts';
import { type LiveSlo, liveBurnOf } from './live-burn.ts';
import { selectSlo } from './store.ts';
import { burnOver, forecastInput, type KeptSlo, liveSince } from './summarise.ts';
import { bucketMs, minuteMs } from './window-rules.ts';

export interface BurnToExplain {
  environment: string;
  /** Its name. */
  slo: string;
  severity: 'page' | 'ticket' | 'other';
  longMs: number;
  shortMs: number;
  /** When the alert began; null: not known. */
  sinceMs: number | null;
  nowMs: number;
}

/** A moment that is so near counts as now. */
const nowWithinMs = 2 * minuteMs;

/**
 * What a burn-rate alert means, as sentences for a tired person, from events of the ledger and, for the minutes after its
 * end, from the live rate, which is said. None where there is no such SLO or nothing was counted. One upstream query.
 */
export async function explainBurn(asked: BurnToExplain): Promise<string[]> {
  const { environment, slo: name, severity, longMs, shortMs, sinceMs, nowMs } = asked;
  const slo = await selectSlo(db(), environment, name);
  const [kept] = slo ? await selectKeptSlos(db(), { environment, name }) : [];
  if (!slo || !kept?.figures || kept.ledgerUntilMs === null) return [];
  const isNow = Math.abs(Date.now() - nowMs) < nowWithinMs;
  const now = isNow ? await liveOf(asked) : null;
  const atMs = Math.floor(nowMs / bucketMs) * bucketMs;
  const toMs = Math.min(kept.ledgerUntilMs, isNow ? kept.ledgerUntilMs : atMs);
  const part = (fromMs: number): Stretch => ({
    sloId: slo.id,
    revision: slo.ledgerRevision,
    fromMs: Math.min(toMs, Math.floor(fromMs / bucketMs) * bucketMs),
    toMs,
  });
  const [long = noSums, since = noSums] = await sumStretches(db(), [
    part(nowMs - longMs),
    part(sinceMs ?? nowMs - longMs),
  ]);
  const live = isNow ? liveEvents(kept, now, nowMs - toMs) : null;
  const bad = long.total - long.good + (live?.bad ?? 0);
  const { definition, figures } = kept;
  const tier = tiersOf(definition).find(
    (one) => one.severity === severity && one.longMs === longMs && one.shortMs === shortMs,
  );
  return explain({
    nowMs,
    window: definition.window,
    severity,
    longMs,
    shortMs,
    bad,
    allowedBad: figures.allowedBad + (1 - definition.target) * (live?.total ?? 0),
    live: live && { bad: live.bad, lengthMs: live.lengthMs },
    isNow,
    exhausted: isNow ? exhaustion(kept, now, { bad, total: long.total + (live?.total ?? 0), longMs, nowMs }) : null,
    tier: tier ?? null,
    longBurn: isNow ? burnOver(kept, now, longMs) : null,
    shortBurn: isNow ? burnOver(kept, now, shortMs) : null,
    since: sinceMs === null ? null : { atMs: sinceMs, bad: since.total - since.good + (live?.bad ?? 0) },
  });
}

async function liveOf({ environment, slo, longMs, shortMs }: BurnToExplain): Promise<LiveSlo | null> {
  const windows = [...new Set([5 * minuteMs, shortMs, longMs])];
  const live = await liveBurnOf(environment, slo, windows);
  return live.slos.get(slo) ?? null;
}

/** Events between the end of the ledger and now; null where it has none to speak of. */
function liveEvents(kept: KeptSlo, now: LiveSlo | null, sinceMs: number) {
  const rates = now?.rates.get(bucketMs);
  if (!rates || !kept.figures || sinceMs <= 0) return null;
  const pace = { lengthMs: bucketMs, bad: rates.bad / 1_000, total: rates.total / 1_000 };
  return { ...liveSince(pace, kept.figures, sinceMs), lengthMs: sinceMs };
}

interface Lately {
  bad: number;
  total: number;
  longMs: number;
  nowMs: number;
}

function exhaustion(kept: KeptSlo, now: LiveSlo | null, { bad, total, longMs, nowMs }: Lately) {
  const input = forecastInput(kept, { now, steps: [], nowMs });
  if (!input) return null;
  const inMs = reaches(input, { lengthMs: longMs, bad: bad / longMs, total: total / longMs }, 0, horizonOf(input));
  if (inMs === 0) return 'spent' as const;
  const burnNow = burnOver(kept, now, bucketMs);
  if (burnNow !== null && burnNow <= 1) return 'over' as const;
  return inMs === null ? ('never' as const) : { atMs: nowMs + inMs };
}
