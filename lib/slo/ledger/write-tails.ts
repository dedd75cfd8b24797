import type { Logger } from '#lib/core/log.ts';
import { db } from '#lib/db/index.ts';
import { engineOf } from '../engine-of.ts';
import { type LedgerWrite, markFailing, selectCoverage, writeLedger } from '../ledger-store.ts';
import type { StoredSlo } from '../store.ts';
import { fromFirstKnown } from './grid.ts';
import { inParallel } from './in-parallel.ts';
import { type Ledger, openLedgers, sentenceOf } from './ledgers.ts';
import { dueAgain, isWorthAgain, nextSpan, readableUntil, spansOf } from './plan.ts';
import { readSpan } from './read-span.ts';

const readsAtOnce = 6;
const writesAtOnce = 50;

export interface PassOptions {
  signal: AbortSignal;
  log: Logger;
  now: () => Date;
}

/**
 * Takes every ledger on to the last bucket that is over, and reads buckets that are not whole again as they come of age.
 * An SLO that cannot be read keeps its sentence and does not hold up the others. Ids of the SLOs whose ledger changed.
 */
export async function writeTails(options: PassOptions): Promise<Set<string>> {
  const changed = new Set<string>();
  let behind = await openLedgers();
  while (behind.length > 0 && !options.signal.aborted) {
    const advanced = await advance(behind, changed, options);
    await readAgain(advanced, changed, options);
    behind = advanced.map(({ slo, state, afterMs }) => ({ slo, state: { ...state, untilMs: afterMs } }));
  }
  return changed;
}

interface Advanced extends Ledger {
  beforeMs: number;
  afterMs: number;
}

/** Reads the next part of each ledger that is behind; those that went on. */
async function advance(ledgers: readonly Ledger[], changed: Set<string>, options: PassOptions): Promise<Advanced[]> {
  const { signal, now } = options;
  const advanced: Advanced[] = [];
  const failures: { slo: StoredSlo; error: unknown }[] = [];
  let writes: LedgerWrite[] = [];
  const flush = async () => {
    const ready = writes;
    writes = [];
    for (const id of await writeLedger(ready, now())) changed.add(id);
  };
  await inParallel(ledgers, readsAtOnce, signal, async ({ slo, state }) => {
    try {
      const nowMs = now().getTime();
      const span = nextSpan(state.untilMs, readableUntil(nowMs, engineOf(slo.environment).source.scrapeIntervalMs));
      if (!span) return;
      const { buckets, problem } = await readSpan(slo, span, { nowMs, signal });
      const isNew = state.fromMs === null;
      const kept = isNew ? fromFirstKnown(buckets) : buckets;
      writes.push({
        sloId: slo.id,
        revision: state.revision,
        buckets: kept,
        untilMs: span.toMs,
        problem,
        ...(isNew ? { fromMs: kept[0]?.startMs ?? span.toMs } : {}),
      });
      advanced.push({ slo, state, beforeMs: state.untilMs ?? span.toMs, afterMs: span.toMs });
    } catch (error) {
      if (!signal.aborted) failures.push({ slo, error });
      return;
    }
    if (writes.length >= writesAtOnce) await flush();
  });
  await flush();
  await noteFailures(failures, options);
  return advanced;
}

async function noteFailures(failures: readonly { slo: StoredSlo; error: unknown }[], { log, now }: PassOptions) {
  for (const { slo, error } of failures) log.debug({ err: error, slo: slo.name }, 'ledger could not be read');
  await markFailing(
    db(),
    failures.map(({ slo, error }) => ({ sloId: slo.id, revision: slo.ledgerRevision, error: sentenceOf(error) })),
    now(),
  );
}

/** Reads buckets again that are not whole and have come of an age for it. What fails is left for the next age. */
async function readAgain(advanced: readonly Advanced[], changed: Set<string>, { signal, log, now }: PassOptions) {
  for (const [step, ledgers] of Map.groupBy(advanced, ({ beforeMs, afterMs }) => `${beforeMs} ${afterMs}`)) {
    const [beforeMs = 0, afterMs = 0] = step.split(' ').map(Number);
    const due = dueAgain(beforeMs, afterMs);
    if (due.length === 0) continue;
    const coverage = await selectCoverage(
      db(),
      ledgers.map(({ slo, state }) => ({ sloId: slo.id, revision: state.revision })),
      due,
    );
    await inParallel(ledgers, readsAtOnce, signal, async ({ slo, state }) => {
      const fromMs = state.fromMs ?? afterMs;
      const worth = due.filter(
        (startMs) => startMs >= fromMs && isWorthAgain(startMs, coverage.get(slo.id)?.get(startMs) ?? null, afterMs),
      );
      try {
        for (const span of spansOf(worth)) {
          const { buckets } = await readSpan(slo, span, { nowMs: now().getTime(), signal });
          const known = buckets.filter(({ coverage: share }) => share > 0);
          if (known.length === 0) continue;
          for (const id of await writeLedger([{ sloId: slo.id, revision: state.revision, buckets: known }], now())) {
            changed.add(id);
          }
        }
      } catch (error) {
        if (!signal.aborted) log.debug({ err: error, slo: slo.name }, 'buckets could not be read again');
      }
    });
  }
}
