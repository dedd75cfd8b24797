import { randomUUID } from 'node:crypto';
import type { Logger } from '#lib/core/log.ts';
import { columnBuilder } from '../decode/columns.ts';
import { fromBytes, rowOf, toBytes } from '../decode/packed.ts';
import { type Decoded, spanColumns } from '../decode/spans.ts';
import type { ReceiverMetrics } from '../metrics.ts';
import type { SamplingCount, Store, UndecidedRow } from '../store.ts';
import { decodedItem, UnstorableError, type WriteItem, type Writer } from '../writer.ts';
import { createRatioControl } from './ratio.ts';
import { createSampler, type KeptRow, type Reason, type Taken } from './sampler.ts';

const tickMs = 250;
const ratioEveryMs = 1_000;
const mostUndecidedBytes = 48 * 1024 * 1024;
const mostRowsPerFlush = 4_000;
/** Above this many rows that are kept but not stored yet, nothing more is taken. */
const mostReadyRows = 40_000;

export interface Sampling {
  /** Whether spans must be decoded one by one. */
  isHolding(): boolean;
  /** Whether Postgres falls behind with what was decided. */
  isCongested(): boolean;
  /** Resolves once the spans of a request are stored, staged or left out. Rejects as the writer does. */
  take(decoded: Decoded): Promise<void>;
  /** Takes up what an earlier process left undecided; does nothing when that was done. */
  recover(): Promise<void>;
  stop(): void;
}

export interface SamplingSettings {
  keepSpansPerSecond: number;
  decisionSeconds: number;
}

/** Leaves out what is more than may be kept, before it is stored, and records it. */
export function startSampling(
  { keepSpansPerSecond, decisionSeconds }: SamplingSettings,
  { store, writer, metrics, logger }: { store: Store; writer: Writer; metrics: ReceiverMetrics; logger: Logger },
): Sampling {
  const decisionMs = decisionSeconds * 1_000;
  const control = createRatioControl(keepSpansPerSecond, Date.now());
  const sampler = createSampler({
    decisionMs,
    mostBytes: mostUndecidedBytes,
    events: {
      dropped: (spans) => metrics.spansDropped.inc({ reason: 'ratio' }, spans),
      early: (traces) => metrics.decidedEarly.inc(traces),
      late: (traces) => metrics.promotedLate.inc(traces),
    },
  });
  let toDelete: string[] = [];
  const promotions: { id: string; until: number }[] = [];
  const recovered = new Set<string>();
  let isRecovered = false;
  let isFlushing = false;
  let ratioAt = 0;

  function count(received: number, kept: number): SamplingCount {
    return { minute: Math.floor(Date.now() / 60_000), received, kept, ratio: control.ratio() };
  }

  async function takeAll(decoded: Decoded): Promise<void> {
    const { error = [], slow = [] } = decoded.promoted ?? {};
    sampler.remember(slow, 'slow', Date.now());
    sampler.remember(error, 'error', Date.now());
    await writer.write({ ...decodedItem('traces', decoded), sampling: [count(decoded.rows, decoded.rows)] });
    metrics.spansKept.inc({ reason: 'ratio' }, decoded.rows);
  }

  async function takeEach(decoded: Decoded, taken: Taken): Promise<void> {
    const undecided: UndecidedRow[] = [];
    if (taken.held) {
      const { id, ratio, spans } = taken.held;
      undecided.push({ id, ratio, spans: toBytes(spans), promoted: Buffer.alloc(0) });
    }
    if (taken.promoted.length > 0) {
      const id = randomUUID();
      const promoted = Buffer.from(taken.promoted.join(''), 'latin1');
      undecided.push({ id, ratio: control.ratio(), spans: Buffer.alloc(0), promoted });
      promotions.push({ id, until: Date.now() + 2 * decisionMs });
    }
    const item = keptItem(taken.kept);
    try {
      await writer.write({
        ...item,
        bytes: item.bytes + undecided.reduce((sum, { spans }) => sum + spans.byteLength, 0),
        accepted: decoded.rows,
        resources: decoded.resources,
        undecided,
        sampling: [count(decoded.rows, taken.kept.length)],
      });
      sampler.confirm(taken);
      countKept(taken.kept);
    } catch (error) {
      sampler.undo(taken);
      throw error;
    }
  }

  function countKept(rows: readonly KeptRow[]): void {
    const byReason = new Map<Reason, number>();
    for (const { reason } of rows) byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
    for (const [reason, spans] of byReason) metrics.spansKept.inc({ reason }, spans);
  }

  /** Stores what was decided and forgets what was staged of it, in one transaction each. */
  async function flush(): Promise<void> {
    const now = Date.now();
    toDelete.push(...sampler.takeFinished());
    while (promotions[0] && promotions[0].until <= now) toDelete.push(promotions.shift()!.id);
    for (let rows = sampler.takeReady(mostRowsPerFlush); rows.length > 0 || toDelete.length > 0; ) {
      const deleting = toDelete;
      toDelete = [];
      try {
        await storeDecided(rows, deleting);
      } catch (error) {
        sampler.putBack(rows);
        toDelete.push(...deleting);
        throw error;
      }
      toDelete.push(...sampler.takeFinished());
      rows = sampler.takeReady(mostRowsPerFlush);
    }
  }

  async function storeDecided(rows: KeptRow[], decided: string[]): Promise<void> {
    try {
      await writer.write({ ...keptItem(rows), decided, sampling: keptByMinute(rows) });
      countKept(rows);
      sampler.settle(rows);
    } catch (error) {
      if (!(error instanceof UnstorableError)) throw error;
      if (rows.length > 1) {
        // One of them cannot be kept; the others can.
        const half = Math.ceil(rows.length / 2);
        await storeDecided(rows.slice(0, half), decided);
        await storeDecided(rows.slice(half), []);
        return;
      }
      metrics.spansDropped.inc({ reason: 'unstorable' });
      logger.warn({ reason: error.message }, 'a span was acknowledged but Postgres cannot keep it');
      sampler.settle(rows);
    }
  }

  async function tick(): Promise<void> {
    const now = Date.now();
    if (now - ratioAt >= ratioEveryMs) {
      ratioAt = now;
      const before = control.ratio();
      const ratio = control.update(now);
      sampler.setRatio(ratio, now);
      if ((ratio === 1) !== (before === 1)) {
        const spansPerSecond = Math.round(control.rate());
        logger.info({ ratio, spansPerSecond }, ratio === 1 ? 'all traces are kept again' : 'traces are sampled');
      }
      metrics.samplingRatio.set(ratio);
    }
    sampler.decide(now);
    const { spans, bytes } = sampler.undecided();
    metrics.undecidedSpans.set(spans);
    metrics.undecidedBytes.set(bytes);
    if (!isRecovered || isFlushing) return;
    isFlushing = true;
    try {
      await flush();
    } catch (error) {
      logger.warn({ reason: (error as Error).message }, 'decided spans could not be stored yet');
    } finally {
      isFlushing = false;
    }
  }

  const timer = setInterval(tick, tickMs);
  return {
    isHolding: () => sampler.isHolding(Date.now()),
    isCongested: () => sampler.undecided().readyRows > mostReadyRows,
    async take(decoded) {
      control.arrived(decoded.rows);
      if (decoded.packed) await takeEach(decoded, sampler.take(decoded.packed, Date.now()));
      else await takeAll(decoded);
      metrics.spansReceived.inc(decoded.rows);
    },
    async recover() {
      if (isRecovered) return;
      const now = Date.now();
      for (const { id, promoted } of await store.promotions()) {
        for (let at = 0; at < promoted.byteLength; at += 16) {
          sampler.remember([promoted.toString('latin1', at, at + 16)], 'error', now);
        }
        promotions.push({ id, until: now + 2 * decisionMs });
      }
      for await (const rows of store.undecidedSpans()) {
        for (const { id, ratio, spans, receivedAt } of rows) {
          if (recovered.has(id)) continue;
          recovered.add(id);
          try {
            const minute = Math.floor(receivedAt.getTime() / 60_000);
            sampler.recover({ id, ratio, minute, spans: fromBytes(spans) }, now);
          } catch (error) {
            logger.error({ err: error, id }, 'spans that were undecided cannot be read and are given up');
            toDelete.push(id);
          }
        }
      }
      isRecovered = true;
      const { spans, readyRows } = sampler.undecided();
      if (spans + readyRows > 0) logger.info({ spans: spans + readyRows }, 'took up the spans that were undecided');
    },
    stop: () => clearInterval(timer),
  };
}

/** Rows as columns, each with the ratio at which it is kept. */
function keptItem(kept: readonly KeptRow[]): WriteItem {
  const columns = columnBuilder(spanColumns.length);
  const hours = new Set<number>();
  const startColumn = spanColumns.findIndex(([name]) => name === 'start_ns');
  let bytes = 0;
  for (const { from, index, ratio } of kept) {
    const row = rowOf(from.spans, index);
    hours.add(Math.floor(Number(row[startColumn]?.slice(0, -9)) / 3_600));
    bytes += row.reduce((sum, { length }) => sum + length, 0);
    columns.add([...row, String(ratio)]);
  }
  return { signal: 'traces', ...columns.build(), hours: [...hours], resources: [], bytes, accepted: 0 };
}

function keptByMinute(rows: readonly KeptRow[]): SamplingCount[] {
  const minutes = new Map<number, SamplingCount>();
  for (const { from, ratio } of rows) {
    const { minute } = from;
    const known = minutes.get(minute) ?? { minute, received: 0, kept: 0, ratio: 1 };
    minutes.set(minute, { ...known, kept: known.kept + 1, ratio: Math.min(known.ratio, ratio) });
  }
  return [...minutes.values()];
}
