import { db } from '#lib/db/index.ts';
import { engineOf } from '../engine-of.ts';
import { compileIndicator } from '../indicator.ts';
import { keepHoursMs, markFailing, writeLedger } from '../ledger-store.ts';
import type { StoredSlo } from '../store.ts';
import { earliestSample } from './earliest.ts';
import { bucketMs, ceilTo, floorTo, fromFirstKnown } from './grid.ts';
import { inParallel } from './in-parallel.ts';
import { type Ledger, openLedgers, sentenceOf } from './ledgers.ts';
import { nextPart } from './plan.ts';
import { readSpan } from './read-span.ts';
import type { PassOptions } from './write-tails.ts';

const dayMs = 86_400_000;
/** So far back a ledger is filled at most. */
const furthestMs = Math.min(400 * dayMs, keepHoursMs);
const readsAtOnce = 3;
const partsPerRound = 7;
/** A backfill that failed is begun again after so long. */
const retryMs = 600_000;

interface Filling extends Ledger {
  untilMs: number;
  earliestMs: number;
}

export interface BackfillOptions extends PassOptions {
  /** Called now and then with SLOs whose ledger goes further back than before. */
  onProgress: (slos: readonly StoredSlo[]) => Promise<void>;
}

/**
 * Fills ledgers that have begun backwards, the newest day first, as far as the metrics source remembers, all side by
 * side. What is done is kept: a worker that stops in between is followed by one that goes on from there.
 */
export async function backfill(options: BackfillOptions): Promise<void> {
  const { signal, now, onProgress } = options;
  const nowMs = now().getTime();
  const waiting = (await openLedgers()).filter(({ state }) => isWaiting(state, nowMs));
  let filling: Filling[] = [];
  await inParallel(waiting, readsAtOnce, signal, async (ledger) => {
    await guarded(ledger.slo, options, async () => {
      const found = await begin(ledger, options);
      if (found) filling.push(found);
    });
  });
  while (filling.length > 0 && !signal.aborted) {
    const left: Filling[] = [];
    await inParallel(filling, readsAtOnce, signal, async (one) => {
      await guarded(one.slo, options, async () => {
        const next = await fillSome(one, options);
        if (next) left.push(next);
      });
    });
    await onProgress(filling.map(({ slo }) => slo));
    filling = left;
  }
}

function isWaiting({ fromMs, backfill: state, failingSinceMs }: Ledger['state'], nowMs: number): boolean {
  if (fromMs === null || state === 'done') return false;
  return state !== 'failed' || failingSinceMs === null || nowMs - failingSinceMs > retryMs;
}

/** Finds out how far back there is anything; null where there is nothing before the ledger. */
async function begin({ slo, state }: Ledger, { signal, now }: PassOptions): Promise<Filling | null> {
  const engine = engineOf(slo.environment);
  const { atoms, selectors } = compileIndicator(slo.definition, engine.source);
  const totals = atoms?.filter(({ role }) => role === 'total').map(({ selector }) => selector) ?? selectors;
  const untilMs = state.backfillUntilMs ?? (state.fromMs as number);
  const furthest = { fromMs: ceilTo(now().getTime() - furthestMs, dayMs), toMs: untilMs };
  const earliestMs = await earliestSample(engine, totals, furthest, signal);
  if (earliestMs !== null && floorTo(earliestMs, bucketMs) < untilMs) return { slo, state, untilMs, earliestMs };
  const done = { sloId: slo.id, revision: state.revision, buckets: [], fromMs: untilMs, backfill: 'done' as const };
  await writeLedger([done], now());
  return null;
}

/** Fills some days of one ledger; null when all is done. */
async function fillSome({ slo, state, untilMs, earliestMs }: Filling, { signal, now }: PassOptions) {
  let reachedMs = untilMs;
  for (let part = 0; part < partsPerRound && !signal.aborted; part++) {
    const span = nextPart(reachedMs, earliestMs);
    if (!span) return null;
    const { buckets } = await readSpan(slo, span, { nowMs: now().getTime(), signal });
    const isLast = nextPart(span.fromMs, earliestMs) === null;
    const kept = isLast ? fromFirstKnown(buckets) : buckets;
    const written = await writeLedger(
      [
        {
          sloId: slo.id,
          revision: state.revision,
          buckets: kept,
          fromMs: isLast ? (kept[0]?.startMs ?? span.toMs) : span.fromMs,
          backfill: isLast ? 'done' : 'running',
        },
      ],
      now(),
    );
    // What is measured was changed meanwhile.
    if (written.length === 0 || isLast) return null;
    reachedMs = span.fromMs;
  }
  return { slo, state, untilMs: reachedMs, earliestMs };
}

/** Keeps why the backfill of one SLO failed, and lets the others go on. */
async function guarded(slo: StoredSlo, { signal, log, now }: PassOptions, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (signal.aborted) return;
    log.debug({ err: error, slo: slo.name }, 'backfill failed');
    const failure = {
      sloId: slo.id,
      revision: slo.ledgerRevision,
      error: sentenceOf(error),
      backfill: 'failed' as const,
    };
    await markFailing(db(), [failure], now());
  }
}
