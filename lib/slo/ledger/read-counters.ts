import { type Prometheus, PrometheusError } from '#lib/adapters/prometheus/index.ts';
import type { CounterAtom } from '../indicator/counters.ts';
import { coverageOf } from './coverage.ts';
import { type Cells, type Counts, cellCount } from './grid.ts';
import { increases, settle } from './increase.ts';
import { type Counter, findPredecessors, toCounter } from './predecessors.ts';

export interface Reading extends Counts {
  /** By cell; see `coverageOf`. */
  coverage: Float64Array;
  approximate: boolean;
  /** Why nothing is known although the total was scraped; null where all is well. */
  problem: string | null;
}

export interface ReadOptions {
  /** Nothing after it can have been scraped yet. */
  nowMs: number;
  signal?: AbortSignal;
}

/** Above so many series an indicator is read by `increase()`. */
export const maxSeries = 2_000;
const maxSamples = 1_500_000;
/** Samples before the cells that are read with them: predecessors, and how far apart samples are. */
const nearMs = 300_000;
/** SLOs of one pass that ask the same share the answer; raw samples are too many to be kept for that. */
const sharedMs = 10_000;

/** Atoms that together are one summand of a role, with what they found. */
interface Summand {
  role: CounterAtom['role'];
  sign: 1 | -1;
  evidence: readonly string[];
  mustBeVouchedFor: boolean;
  counters: Counter[];
}

/**
 * Counts the events of an indicator by differences of raw samples. A cell in which a summand that must be there was not
 * scraped is unknown: no events, coverage 0. Throws `too_large` above 2,000 series or too many samples.
 */
export async function readCounters(
  prometheus: Prometheus,
  atoms: readonly CounterAtom[],
  cells: Cells,
  { nowMs, signal }: ReadOptions,
): Promise<Reading> {
  const { scrapeIntervalMs } = prometheus.source;
  const look = { prometheus, ...(signal ? { signal } : {}) };
  const fromMs = cells.fromMs - nearMs;
  const toMs = Math.min(nowMs, cells.toMs + Math.max(60_000, 3 * scrapeIntervalMs));
  const bySelector = new Map<string, Counter[]>();
  let seriesCount = 0;
  for (const selector of new Set(atoms.map((atom) => atom.selector))) {
    const options = { maxSeries, maxSamples, ...(signal ? { signal } : {}) };
    const { series } = await prometheus.rawSamples(selector, { fromMs, toMs }, options);
    seriesCount += series.length;
    if (seriesCount > maxSeries) {
      throw new PrometheusError('too_large', `The indicator has more than ${maxSeries.toLocaleString('en')} series.`);
    }
    bySelector.set(selector, series.map(toCounter));
  }
  await findPredecessors(bySelector, cells, fromMs, look);

  const summands = summandsOf(atoms, bySelector);
  const coverage = new Float64Array(cellCount(cells)).fill(1);
  for (const { role, sign, evidence, mustBeVouchedFor, counters } of summands) {
    const isSeen = counters.length > 0 && !mustBeVouchedFor;
    const isVouchedFor = evidence.length > 0 && (isSeen || (await finds(evidence, toMs, look)));
    if (isVouchedFor) continue;
    if (evidence.length > 0) return unknown(cells, `Nothing has the labels that tell ${role} events apart.`);
    if (role === 'total' && sign === -1) continue;
    const scraped = coverageOf(
      counters.map(({ samples }) => samples),
      cells,
      scrapeIntervalMs,
    );
    for (let i = 0; i < coverage.length; i++) coverage[i] = Math.min(coverage[i] as number, scraped[i] as number);
  }

  const total = add(summands, 'total', cells);
  const bad = add(summands, 'bad', cells);
  const hasGood = summands.some(({ role }) => role === 'good');
  const good = hasGood ? add(summands, 'good', cells) : total.map((value, i) => value - Math.max(0, bad[i] as number));
  for (let i = 0; i < coverage.length; i++) {
    if (coverage[i] === 0) good[i] = total[i] = 0;
  }
  settle(good, total);
  return { good, total, coverage, approximate: false, problem: null };
}

function summandsOf(atoms: readonly CounterAtom[], bySelector: ReadonlyMap<string, Counter[]>): Summand[] {
  const summands = new Map<string, Summand>();
  for (const { role, sign, term, selector, evidence, mustBeVouchedFor } of atoms) {
    const key = `${role} ${term}`;
    const summand = summands.get(key) ?? { role, sign, evidence, mustBeVouchedFor, counters: [] };
    summands.set(key, summand);
    summand.counters.push(...(bySelector.get(selector) ?? []));
  }
  return [...summands.values()];
}

function add(summands: readonly Summand[], wanted: CounterAtom['role'], cells: Cells): Float64Array {
  const events = new Float64Array(cellCount(cells));
  for (const { role, sign, counters } of summands) {
    if (role !== wanted) continue;
    const found = increases(counters, cells);
    for (let i = 0; i < events.length; i++) events[i]! += sign * (found[i] as number);
  }
  return events;
}

/** Whether any of some selectors had a series within the last five minutes before an instant. */
async function finds(
  selectors: readonly string[],
  atMs: number,
  { prometheus, signal }: { prometheus: Prometheus; signal?: AbortSignal },
): Promise<boolean> {
  const query = selectors.map((selector) => `count(${selector})`).join(' or ');
  const { series } = await prometheus.instantQuery(query, { atMs, ttlMs: sharedMs, ...(signal ? { signal } : {}) });
  return series.length > 0;
}

export function unknown(cells: Cells, problem: string | null): Reading {
  const none = () => new Float64Array(cellCount(cells));
  return { good: none(), total: none(), coverage: none(), approximate: false, problem };
}
