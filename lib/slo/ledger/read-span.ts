import { isPrometheusError, type Prometheus } from '#lib/adapters/prometheus/index.ts';
import { once } from '#lib/core/registry.ts';
import { engineOf } from '../engine-of.ts';
import { type CounterAtom, compileIndicator } from '../indicator.ts';
import type { SloDefinition } from '../schemas.ts';
import type { StoredSlo } from '../store.ts';
import { type Bucket, bucketMs, type Cells, type Span } from './grid.ts';
import { maxSeries, type Reading, type ReadOptions, readCounters } from './read-counters.ts';
import { readRates, sizeOf } from './read-rates.ts';
import { readSamples } from './read-samples.ts';
import { cellsFor, type Slicing, sliceObjection, slicesOf, toBuckets } from './slices.ts';

export interface SpanRead {
  buckets: Bucket[];
  /** Why nothing is known although the total was scraped; null where all is well. */
  problem: string | null;
}

const hourMs = 3_600_000;
/** More raw samples than these are not read for a long past. */
const samplesPerLongRead = 300_000;
const sizeTtlMs = 1_800_000;

/** Reads buckets of an SLO from its metrics: a span of whole buckets, at most a day long. */
export async function readSpan(slo: StoredSlo, span: Span, options: ReadOptions): Promise<SpanRead> {
  const engine = engineOf(slo.environment);
  const compiled = compileIndicator(slo.definition, engine.source);
  const slicing = slicingOf(slo.definition);
  const objection = slicing && sliceObjection(slicing.sliceMs);
  if (objection) throw new RangeError(objection);
  if (compiled.samples) {
    const cells = cellsFor(span, slicing);
    return finish(await readSamples(engine, compiled.samples, cells, options), cells, span, slicing);
  }
  if (compiled.atoms && (await isCheap(engine, slo, compiled.atoms, span, options))) {
    try {
      const cells = cellsFor(span, slicing);
      return finish(await readCounters(engine, compiled.atoms, cells, options), cells, span, slicing);
    } catch (error) {
      if (!isPrometheusError(error) || error.kind !== 'too_large') throw error;
      known().set(keyOf(slo), { isCheap: false, untilMs: Date.now() + sizeTtlMs });
    }
  }
  const cells = { ...span, cellMs: bucketMs };
  return finish(await readRates(engine, compiled, cells, options), cells, span, null);
}

function slicingOf({ budgeting }: SloDefinition): Slicing | null {
  if (budgeting.method === 'occurrences') return null;
  return { sliceMs: budgeting.sliceMs, target: budgeting.method === 'timeslices' ? budgeting.sliceTarget : null };
}

function finish(reading: Reading, cells: Cells, { fromMs }: Span, slicing: Slicing | null): SpanRead {
  const counted = slicing ? slicesOf(reading, cells, slicing) : reading;
  const { good, total } = toBuckets(counted, cells, fromMs);
  const { total: covered } = toBuckets({ good: reading.coverage, total: reading.coverage }, cells, fromMs);
  const perBucket = bucketMs / cells.cellMs;
  const buckets = Array.from(total, (events, index) => ({
    startMs: fromMs + index * bucketMs,
    good: good[index] as number,
    total: events,
    coverage: Math.min(1, (covered[index] as number) / perBucket),
    approximate: reading.approximate,
  }));
  return { buckets, problem: reading.problem };
}

interface Known {
  isCheap: boolean;
  untilMs: number;
}

/** Whether the raw samples of an SLO's last buckets can be read; asked again after half an hour. */
const known = () => once('slo.ledger.cheap', () => new Map<string, Known>());
const keyOf = ({ id, ledgerRevision }: StoredSlo) => `${id} ${ledgerRevision}`;

async function isCheap(
  engine: Prometheus,
  slo: StoredSlo,
  atoms: readonly CounterAtom[],
  span: Span,
  { signal }: ReadOptions,
): Promise<boolean> {
  const selectors = atoms.map(({ selector }) => selector);
  if (span.toMs - span.fromMs > hourMs) {
    const { series, samples } = await sizeOf(engine, selectors, span, signal);
    return series <= maxSeries && samples <= samplesPerLongRead;
  }
  const before = known().get(keyOf(slo));
  if (before && before.untilMs > Date.now()) return before.isCheap;
  const { series } = await sizeOf(engine, selectors, { fromMs: span.toMs - bucketMs, toMs: span.toMs }, signal);
  known().set(keyOf(slo), { isCheap: series <= maxSeries, untilMs: Date.now() + sizeTtlMs });
  return series <= maxSeries;
}
