import { type Database, notify, type Transaction, withTransaction } from '#lib/db/index.ts';
import { addSums, figuresOf, type Interval, noSums, type Sums, touchedBuckets } from './budget-rules.ts';
import { recordedWindows } from './burn-rules.ts';
import {
  type LedgerState,
  type Parts,
  type Stretch,
  selectApproved,
  selectLedgerStates,
  selectParts,
  sumStretches,
  writeFigures,
} from './figure-store.ts';
import { recordPolicyCrossing } from './policy-in-force.ts';
import { stepFor } from './policy-rules.ts';
import { selectPolicies } from './policy-store.ts';
import type { PolicyStep, SloDefinition, WindowFigures } from './schemas.ts';
import type { StoredSlo } from './store.ts';
import { bucketMs, type WindowSpan, windowAt } from './window-rules.ts';

/** Events of the last part of the ledger. */
export interface RecentSums {
  bad: number;
  total: number;
  /** Share of the time that is known. */
  coverage: number;
}

/** What `slo_state.figures` holds: the figures of the window, with what forecast and burn rates read beside them. */
export interface StoredFigures extends WindowFigures {
  /** With approved exclusions taken out; null where there are none. */
  adjusted: WindowFigures | null;
  /** Up to `until`, by length in ms. */
  recent: Record<string, RecentSums>;
  /** What leaves a rolling window when, in ms since `from`; null for a calendar one. */
  leaving: Parts | null;
}

const slosAtOnce = 200;

/**
 * Reckons the figures of SLOs from their ledgers up to where each ends, keeps them in `slo_state` and announces that
 * they are new; a step of a budget policy that comes into force with them is recorded in the same transaction. A few
 * statements for every 200 SLOs, whatever they have in their windows.
 */
export async function refreshFigures(slos: readonly StoredSlo[], now: Date): Promise<void> {
  for (let at = 0; at < slos.length; at += slosAtOnce) {
    const some = slos.slice(at, at + slosAtOnce);
    await withTransaction((tx) => refreshSome(tx, some, now));
  }
}

async function refreshSome(tx: Transaction, slos: readonly StoredSlo[], now: Date): Promise<void> {
  const states = await selectLedgerStates(
    tx,
    slos.map(({ id }) => id),
  );
  const figures = await reckon(tx, slos, states);
  await writeFigures(
    tx,
    slos.filter(({ id }) => states.has(id)).map(({ id }) => ({ sloId: id, figures: figures.get(id) ?? null })),
    now,
  );
  await recordCrossings(tx, { slos, states, figures, now });
  await notify(tx, { topic: 'slos', id: 'figures', audience: 'everyone' });
}

interface Crossings {
  slos: readonly StoredSlo[];
  states: Map<string, LedgerState>;
  figures: Map<string, StoredFigures>;
  now: Date;
}

async function recordCrossings(tx: Transaction, { slos, states, figures, now }: Crossings): Promise<void> {
  const policies = new Map((await selectPolicies(tx)).map(({ name, steps }): [string, PolicyStep[]] => [name, steps]));
  for (const slo of slos) {
    // Until the past is filled in, what is left rises and falls with every day that is read.
    const filling = states.get(slo.id)?.backfill;
    if (filling === 'none' || filling === 'running') continue;
    const steps = policies.get(slo.definition.policy) ?? [];
    const before = budgetLeftOf(states.get(slo.id)?.figures);
    const after = figures.get(slo.id)?.budgetLeft ?? null;
    if (stepFor(steps, before)?.name === stepFor(steps, after)?.name) continue;
    await recordPolicyCrossing(tx, slo, before, after, now);
  }
}

const budgetLeftOf = (figures: unknown): number | null =>
  ((figures as Partial<WindowFigures> | null | undefined)?.budgetLeft as number | null | undefined) ?? null;

/** The window that the last bucket of a ledger lies in. */
const windowOf = ({ window }: SloDefinition, ledgerUntilMs: number): WindowSpan =>
  window.kind === 'rolling' ? windowAt(window, ledgerUntilMs) : windowAt(window, ledgerUntilMs - 1);

/** The figures of SLOs whose ledger has begun, by id; nothing is written. */
export async function reckon(
  database: Database | Transaction,
  slos: readonly StoredSlo[],
  states: ReadonlyMap<string, LedgerState>,
): Promise<Map<string, StoredFigures>> {
  const begun = slos.flatMap((slo) => {
    const state = states.get(slo.id);
    const untilMs = state?.ledgerUntilMs;
    if (!state || untilMs === null || untilMs === undefined) return [];
    const span = windowOf(slo.definition, untilMs);
    const ledger = { sloId: slo.id, revision: slo.ledgerRevision };
    const fromMs = Math.ceil(span.fromMs / bucketMs) * bucketMs;
    const lengths = recordedWindows(slo.definition);
    return [{ slo, state, untilMs, span, ledger, window: { ...ledger, fromMs, toMs: untilMs }, lengths }];
  });
  const approved = await selectApproved(
    database,
    begun.map(({ window }) => window),
  );
  const stretches: Stretch[] = [];
  const ask = (stretch: Stretch) => stretches.push(stretch) - 1;
  const asked = begun.map((one) => {
    const excluded = touchedBuckets(approved.get(one.slo.id) ?? [], one.window, bucketMs);
    return {
      ...one,
      excluded,
      windowAt: ask(one.window),
      excludedAt: excluded.map((interval) => ask({ ...one.ledger, ...interval })),
      recentAt: one.lengths.map((ms) => ask({ ...one.ledger, fromMs: one.untilMs - ms, toMs: one.untilMs })),
    };
  });
  const [sums, parts] = await Promise.all([
    sumStretches(database, stretches),
    selectParts(
      database,
      begun.filter(({ slo }) => slo.definition.window.kind === 'rolling').map(({ window }) => window),
    ),
  ]);
  const sumAt = (index: number) => sums[index] ?? noSums;
  return new Map(
    asked.map((one) => {
      const { definition } = one.slo;
      const base = {
        sums: sumAt(one.windowAt),
        fromMs: one.window.fromMs,
        untilMs: one.untilMs,
        endsMs: one.span.endsMs,
        ledgerFromMs: one.state.ledgerFromMs,
        target: definition.target,
        gapPolicy: definition.gapPolicy,
      };
      const excluded = { ...one.excludedAt.map(sumAt).reduce(addSums, noSums), lengthMs: lengthOf(one.excluded) };
      const stored: StoredFigures = {
        ...figuresOf(base),
        adjusted: one.excluded.length > 0 ? figuresOf({ ...base, excluded }) : null,
        recent: Object.fromEntries(one.lengths.map((ms, at) => [ms, recentOf(sumAt(one.recentAt[at] ?? -1), ms)])),
        leaving: definition.window.kind === 'rolling' ? (parts.get(one.slo.id) ?? emptyParts) : null,
      };
      return [one.slo.id, stored];
    }),
  );
}

const emptyParts: Parts = { endMs: [], bad: [], total: [] };
const lengthOf = (intervals: readonly Interval[]) => intervals.reduce((ms, { fromMs, toMs }) => ms + toMs - fromMs, 0);
const recentOf = ({ good, total, knownMs }: Sums, ms: number): RecentSums => ({
  bad: Math.max(0, total - good),
  total,
  coverage: Math.min(1, knownMs / ms),
});
