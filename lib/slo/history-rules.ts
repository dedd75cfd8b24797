import { recordedWindows } from './burn-rules.ts';
import type { SloDefinition, SloHistory } from './schemas.ts';
import { bucketMs, dayMs, hourMs, minuteMs, windowAt } from './window-rules.ts';

/** Rows of a ledger as columns; `unitMs` is how long each is, `coverage` the share of it that is known. */
export interface LedgerColumns {
  unitMs: number;
  startMs: readonly number[];
  good: readonly number[];
  total: readonly number[];
  coverage: readonly number[];
}

export interface HistoryInput {
  definition: Pick<SloDefinition, 'target' | 'window' | 'alerting' | 'gapPolicy'>;
  ledger: LedgerColumns;
  /** Where the ledger begins and ends. */
  ledgerFromMs: number | null;
  untilMs: number;
  grid: { fromMs: number; toMs: number; stepMs: number };
  /** Burn-down of one window from its beginning; null: what was left of the window that ended with each step. */
  burnDown: { fromMs: number; endsMs: number } | null;
}

const mostSteps = 720;
const steps = [5, 10, 15, 30]
  .map((minutes) => minutes * minuteMs)
  .concat([1, 2, 3, 6, 12].map((hours) => hours * hourMs))
  .concat([1, 2, 7].map((days) => days * dayMs));

/** The step that puts a stretch of time on at most 720 points. */
export function historyStep(lengthMs: number): number {
  return steps.find((ms) => lengthMs / ms <= mostSteps) ?? Math.ceil(lengthMs / mostSteps / dayMs) * dayMs;
}

/** A window of 90 days and what its burn rates look back on fit. */
const mostBuckets = 32_000;

/**
 * By what a stretch of the ledger is read: by hours where it has too many buckets, or begins before `bucketsFromMs`,
 * from where on the buckets of five minutes are kept. A step of the charts is never shorter.
 */
export function unitFor({
  fromMs,
  toMs,
  bucketsFromMs,
}: {
  fromMs: number;
  toMs: number;
  bucketsFromMs: number;
}): 'bucket' | 'hour' {
  return fromMs < bucketsFromMs || (toMs - fromMs) / bucketMs > mostBuckets ? 'hour' : 'bucket';
}

/** Sums from the beginning to each unit, so that any stretch of time is two reads. */
class Running {
  readonly #fromMs: number;
  readonly #unitMs: number;
  readonly #good: Float64Array;
  readonly #total: Float64Array;
  readonly #knownMs: Float64Array;

  constructor({ unitMs, startMs, good, total, coverage }: LedgerColumns, untilMs: number) {
    const fromMs = startMs[0] ?? untilMs;
    const units = Math.max(0, Math.ceil((untilMs - fromMs) / unitMs));
    this.#fromMs = fromMs;
    this.#unitMs = unitMs;
    this.#good = new Float64Array(units + 1);
    this.#total = new Float64Array(units + 1);
    this.#knownMs = new Float64Array(units + 1);
    for (const [row, at] of startMs.entries()) {
      const unit = Math.round((at - fromMs) / unitMs) + 1;
      if (unit > units) continue;
      this.#good[unit] = good[row] ?? 0;
      this.#total[unit] = total[row] ?? 0;
      this.#knownMs[unit] = (coverage[row] ?? 0) * unitMs;
    }
    for (const sums of [this.#good, this.#total, this.#knownMs]) {
      for (let unit = 1; unit <= units; unit++) sums[unit] = (sums[unit] ?? 0) + (sums[unit - 1] ?? 0);
    }
  }

  /** Units before an instant. */
  at(ms: number): number {
    return Math.max(0, Math.min(this.#good.length - 1, Math.floor((ms - this.#fromMs) / this.#unitMs)));
  }

  between(from: number, to: number) {
    const of = (sums: Float64Array) => (sums[to] ?? 0) - (sums[from] ?? 0);
    const [good, total] = [of(this.#good), of(this.#total)];
    return { good, total, bad: Math.max(0, total - good), knownMs: of(this.#knownMs) };
  }

  /** The highest share of failures in so many units that end after `from` and by `to`; null without events. */
  highestBadShare(from: number, to: number, units: number): number | null {
    const [goods, totals] = [this.#good, this.#total];
    let highest = -1;
    for (let end = from + 1; end <= to; end++) {
      const begin = end > units ? end - units : 0;
      const total = (totals[end] as number) - (totals[begin] as number);
      if (total <= 0) continue;
      const share = Math.max(0, 1 - ((goods[end] as number) - (goods[begin] as number)) / total);
      if (share > highest) highest = share;
    }
    return highest < 0 ? null : highest;
  }

  span(fromMs: number, toMs: number) {
    return this.between(this.at(fromMs), this.at(toMs));
  }
}

type Charts = Omit<SloHistory, 'exclusions' | 'generatedUntil'>;

/**
 * What the charts of an SLO show, from running sums over its ledger. Values stand for the step after their instant and
 * are null where nothing is known: unknown time stays a gap. Burn is the highest that each window reached within the
 * step; windows that are shorter than the ledger's rows are left out.
 */
export function historyOf(input: HistoryInput): Charts {
  const { definition, ledger, grid, untilMs } = input;
  const sums = new Running(ledger, untilMs);
  const count = Math.max(1, Math.round((grid.toMs - grid.fromMs) / grid.stepMs));
  const parts = Array.from({ length: count }, (_, index) => {
    const fromMs = grid.fromMs + index * grid.stepMs;
    return { fromMs, toMs: Math.min(fromMs + grid.stepMs, untilMs), endMs: fromMs + grid.stepMs };
  });
  const within = parts.map(({ fromMs, toMs }) => (toMs > fromMs ? sums.span(fromMs, toMs) : null));
  const known = within.map((part) => (part && (part.knownMs > 0 || part.total > 0) ? part : null));
  const budgets = parts.map(({ fromMs, toMs, endMs }) =>
    toMs > fromMs ? budgetAt(input, sums, toMs) : { left: null, ideal: idealAt(input, endMs) },
  );
  const burnWithin = (fromMs: number, toMs: number, units: number) => {
    const share = sums.highestBadShare(sums.at(fromMs), sums.at(toMs), units);
    return share === null ? null : share / (1 - definition.target);
  };
  return {
    grid: {
      from: new Date(grid.fromMs).toISOString(),
      to: new Date(grid.fromMs + count * grid.stepMs).toISOString(),
      stepMs: grid.stepMs,
    },
    good: known.map((part) => part?.good ?? null),
    bad: known.map((part) => part?.bad ?? null),
    sli: known.map((part) => (part && part.total > 0 ? part.good / part.total : null)),
    coverage: within.map((part, index) => {
      const { fromMs = 0, toMs = 0 } = parts[index] ?? {};
      return part && Math.min(1, part.knownMs / (toMs - fromMs));
    }),
    budgetLeft: budgets.map(({ left }) => left),
    ideal: budgets.map(({ ideal }) => ideal),
    burn: Object.fromEntries(
      recordedWindows(definition)
        .filter((ms) => ms % ledger.unitMs === 0)
        .map((ms) => [ms, parts.map(({ fromMs, toMs }) => burnWithin(fromMs, toMs, ms / ledger.unitMs))]),
    ),
  };
}

interface Left {
  left: number | null;
  ideal: number | null;
}

function budgetAt(input: HistoryInput, sums: Running, atMs: number): Left {
  const { definition, burnDown, untilMs } = input;
  const ideal = idealAt(input, atMs);
  if (burnDown) {
    if (atMs <= burnDown.fromMs) return { left: 1, ideal };
    const whole = counted(input, sums, burnDown.fromMs, untilMs);
    const soFar = counted(input, sums, burnDown.fromMs, atMs, whole.perMs);
    return { left: whole.total > 0 ? 1 - soFar.bad / ((1 - definition.target) * whole.total) : null, ideal };
  }
  const { window } = definition;
  const { fromMs } = windowAt(window, window.kind === 'rolling' ? atMs : atMs - 1);
  const { bad, total } = counted(input, sums, fromMs, atMs);
  return { left: total > 0 ? 1 - bad / ((1 - definition.target) * total) : null, ideal };
}

/** Events of a stretch with its gaps as the gap policy says; `perMs` is the traffic that a gap is taken to have had. */
function counted(input: HistoryInput, sums: Running, fromMs: number, toMs: number, perMs?: number) {
  const { bad, total, knownMs } = sums.span(fromMs, toMs);
  const { gapPolicy } = input.definition;
  const usual = perMs ?? (knownMs >= bucketMs ? total / knownMs : 0);
  if (gapPolicy === 'unknown') return { bad, total, perMs: usual };
  const gapMs = Math.max(0, toMs - Math.max(fromMs, input.ledgerFromMs ?? fromMs) - knownMs);
  const events = usual * gapMs;
  return { bad: gapPolicy === 'bad' ? bad + events : bad, total: total + events, perMs: usual };
}

/** The straight line from all to none over a window; a rolling one without a fixed beginning has none. */
function idealAt({ definition, burnDown, untilMs }: HistoryInput, atMs: number): number | null {
  const { window } = definition;
  const span = burnDown ?? (window.kind === 'calendar' ? windowAt(window, atMs - 1) : null);
  if (!span) return null;
  const endsMs = window.kind === 'rolling' ? untilMs : span.endsMs;
  if (endsMs <= span.fromMs) return null;
  return Math.max(0, Math.min(1, 1 - (atMs - span.fromMs) / (endsMs - span.fromMs)));
}

/** Where a history has to begin to be read, so that every window of its first step is whole. */
export function leadOf(definition: HistoryInput['definition'], fromMs: number, isBurnDown: boolean): number {
  const longest = Math.max(0, ...recordedWindows(definition));
  const window = isBurnDown ? fromMs : windowAt(definition.window, fromMs).fromMs;
  return Math.floor(Math.min(fromMs - longest, window) / bucketMs) * bucketMs;
}
