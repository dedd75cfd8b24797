import { type Database, db, type Transaction } from '#lib/db/index.ts';
import { addSums, figuresOf, type Interval, noSums, touchedBuckets } from './budget-rules.ts';
import type { ExclusionRow } from './exclusion-store.ts';
import { type Stretch, selectLedgerStates, sumStretches } from './figure-store.ts';
import type { Exclusion } from './schemas.ts';
import type { StoredSlo } from './store.ts';
import { bucketMs, windowAt } from './window-rules.ts';

/**
 * Exclusions of one SLO with what lies in them: events of all buckets that each touches, and what is left of the
 * budget of now, raw, and with the approved ones and this one taken out.
 */
export async function withFigures(
  slo: StoredSlo,
  rows: readonly ExclusionRow[],
  approved: readonly ExclusionRow[],
  database: Database | Transaction = db(),
): Promise<Exclusion[]> {
  const state = (await selectLedgerStates(database, [slo.id])).get(slo.id);
  const untilMs = state?.ledgerUntilMs ?? null;
  const ledger = { sloId: slo.id, revision: slo.ledgerRevision };
  const stretches: Stretch[] = [];
  const ask = (intervals: readonly Interval[]) =>
    intervals.map((interval) => stretches.push({ ...ledger, ...interval }) - 1);
  const window = untilMs === null ? null : windowOf(slo, untilMs);
  const [windowAsked = -1] = window ? ask([window]) : [];
  const asked = rows.map((row) => {
    const taken = approved
      .filter(({ id }) => id !== row.id)
      .concat(row)
      .map(intervalOf);
    const out = window ? touchedBuckets(taken, window, bucketMs) : [];
    const inside = ask(touchedBuckets([intervalOf(row)], everything, bucketMs));
    return { row, inside, out, outAsked: ask(out) };
  });
  const sums = await sumStretches(database, stretches);
  const sumOf = (places: number[]) => places.map((place) => sums[place] ?? noSums).reduce(addSums, noSums);
  return asked.map(({ row, inside, out, outAsked }) => {
    const { good, total } = sumOf(inside);
    const view = { ...exclusionView(row), good, total };
    if (!window || untilMs === null) return { ...view, budgetLeftRaw: null, budgetLeftAdjusted: null };
    const base = {
      sums: sumOf([windowAsked]),
      fromMs: window.fromMs,
      untilMs,
      endsMs: window.endsMs,
      ledgerFromMs: state?.ledgerFromMs ?? null,
      target: slo.definition.target,
      gapPolicy: slo.definition.gapPolicy,
    };
    const lengthMs = out.reduce((ms, { fromMs, toMs }) => ms + toMs - fromMs, 0);
    return {
      ...view,
      budgetLeftRaw: figuresOf(base).budgetLeft,
      budgetLeftAdjusted: figuresOf({ ...base, excluded: { ...sumOf(outAsked), lengthMs } }).budgetLeft,
    };
  });
}

const everything: Interval = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };
const intervalOf = ({ startAt, endAt }: ExclusionRow): Interval => ({
  fromMs: startAt.getTime(),
  toMs: endAt.getTime(),
});

function windowOf({ definition: { window } }: StoredSlo, untilMs: number): Interval & { endsMs: number } {
  const { fromMs, endsMs } = windowAt(window, window.kind === 'rolling' ? untilMs : untilMs - 1);
  return { fromMs: Math.ceil(fromMs / bucketMs) * bucketMs, toMs: untilMs, endsMs };
}

function exclusionView(row: ExclusionRow) {
  return {
    id: row.id,
    kind: row.kind as Exclusion['kind'],
    from: row.startAt.toISOString(),
    to: row.endAt.toISOString(),
    reason: row.reason,
    announcedAt: row.announcedAt?.toISOString() ?? null,
    announcement: row.announcement,
    state: row.state as Exclusion['state'],
    proposedBy: { id: row.proposedById, name: row.proposedByName },
    proposedAt: row.proposedAt.toISOString(),
    decidedBy: row.decidedById === null ? null : { id: row.decidedById, name: row.decidedByName ?? row.decidedById },
    decidedAt: row.decidedAt?.toISOString() ?? null,
    decisionNote: row.decisionNote,
    version: row.version,
  };
}
