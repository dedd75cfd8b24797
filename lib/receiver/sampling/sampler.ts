import { randomUUID } from 'node:crypto';
import { bytesOf, flags, type PackedSpans, pickRows, traceIdOf } from '../decode/packed.ts';
import { keepsTrace } from './ratio.ts';
import { createRecent } from './recent.ts';

/** Why a span is kept. */
export type Reason = 'error' | 'slow' | 'ratio';

interface Verdict {
  /** Ratio at which the trace is kept, 0 when it is left out. */
  ratio: number;
  reason: Reason;
}

/** Spans of one request that wait for the decision on their traces. */
export interface HeldBatch {
  id: string;
  /** Minute since 1970 in which they arrived. */
  minute: number;
  /** Ratio in force when they arrived. */
  ratio: number;
  spans: PackedSpans;
  /** How many are neither stored nor left out. */
  left: number;
  /** Whether Postgres has them. */
  isStaged: boolean;
  isCancelled: boolean;
}

/** A row that is to be stored. */
export interface KeptRow {
  from: { spans: PackedSpans; minute: number };
  index: number;
  ratio: number;
  reason: Reason;
  batch?: HeldBatch;
}

/** What becomes of the spans of one request. */
export interface Taken {
  kept: KeptRow[];
  held: HeldBatch | undefined;
  dropped: number;
  /** Ids of traces that are kept because of an error or a slow span in the request, as 16 characters each. */
  promoted: string[];
}

export interface Sampler {
  /** Whether spans must come one by one because some may be left out. */
  isHolding(now: number): boolean;
  setRatio(ratio: number, now: number): void;
  take(spans: PackedSpans, now: number): Taken;
  /** The request was stored. */
  confirm(taken: Taken): void;
  /** The request could not be stored and will be sent again. */
  undo(taken: Taken): void;
  /** Traces that were stored directly and must be kept also if the ratio falls. */
  remember(traceIds: readonly string[], reason: Reason, now: number): void;
  /** What an earlier process had staged: promotions first, then its batches in the order of their arrival. */
  recover(batch: Pick<HeldBatch, 'id' | 'minute' | 'ratio' | 'spans'>, now: number): void;
  /** Decides on the traces whose time has come, and on the oldest while more is held than may be. */
  decide(now: number): void;
  /** Rows that are kept and wait to be stored, oldest first. */
  takeReady(mostRows: number): KeptRow[];
  putBack(rows: readonly KeptRow[]): void;
  /** The rows were stored. */
  settle(rows: readonly KeptRow[]): void;
  /** Batches of which all is decided and stored; each is given once. */
  takeFinished(): string[];
  undecided(): { spans: number; bytes: number; readyRows: number };
}

export interface SamplerEvents {
  dropped(spans: number): void;
  /** Traces that were decided before their time because too much was held. */
  early(traces: number): void;
  /** Traces whose error or slow span came after other spans of theirs had been left out. */
  late(traces: number): void;
}

interface Trace {
  until: number;
  ratio: number;
  rows: { batch: HeldBatch; index: number }[];
}

const mostRemembered = 200_000;
const leastMemoryMs = 30_000;

/**
 * Decides on whole traces. Each is held for `decisionMs` after it was first seen: an error or a slow span in it keeps
 * all of it at once, else the ratio of the time when it was first seen decides. Later spans follow the decision.
 */
export function createSampler({
  decisionMs,
  mostBytes,
  events,
}: {
  decisionMs: number;
  mostBytes: number;
  events: SamplerEvents;
}): Sampler {
  const traces = new Map<string, Trace>();
  const verdicts = createRecent<Verdict>({ ms: Math.max(leastMemoryMs, 2 * decisionMs), most: mostRemembered });
  let ready: KeptRow[] = [];
  let finished: string[] = [];
  let ratio = 1;
  let below1At = Number.NEGATIVE_INFINITY;
  let spans = 0;
  let bytes = 0;

  function finish(batch: HeldBatch, rows: number): void {
    batch.left -= rows;
    if (batch.left === 0 && batch.isStaged && !batch.isCancelled) finished.push(batch.id);
  }

  function release(rows: Trace['rows']): void {
    spans -= rows.length;
    for (const { batch, index } of rows) bytes -= bytesOf(batch.spans, index);
  }

  function settleTrace(key: string, verdict: Verdict, now: number): void {
    verdicts.put(key, verdict, now);
    const trace = traces.get(key);
    if (!trace) return;
    traces.delete(key);
    release(trace.rows);
    if (verdict.ratio > 0) {
      for (const { batch, index } of trace.rows) ready.push({ from: batch, index, batch, ...verdict });
      return;
    }
    for (const { batch } of trace.rows) finish(batch, 1);
    events.dropped(trace.rows.length);
  }

  function decideByRatio(key: string, trace: Trace, now: number): void {
    const isKept = keepsTrace(Buffer.from(key, 'latin1'), trace.ratio);
    settleTrace(key, { ratio: isKept ? trace.ratio : 0, reason: 'ratio' }, now);
  }

  function hold(batch: HeldBatch, now: number): void {
    for (let index = 0; index < batch.spans.count; index++) {
      const key = keyOf(batch.spans, index);
      let trace = traces.get(key);
      if (!trace) {
        trace = { until: now + decisionMs, ratio: batch.ratio, rows: [] };
        traces.set(key, trace);
      }
      trace.rows.push({ batch, index });
      bytes += bytesOf(batch.spans, index);
    }
    spans += batch.spans.count;
  }

  function verdictOn(key: string, rowFlags: number, now: number, promoted: string[]): Verdict | undefined {
    const known = verdicts.get(key);
    if (rowFlags === 0) {
      if (known || traces.has(key) || ratio < 1) return known;
      const all: Verdict = { ratio: 1, reason: 'ratio' };
      verdicts.put(key, all, now);
      return all;
    }
    if (known && known.reason !== 'ratio') return known;
    if (known?.ratio === 0) events.late(1);
    const verdict: Verdict = { ratio: 1, reason: rowFlags & flags.error ? 'error' : 'slow' };
    promoted.push(key);
    settleTrace(key, verdict, now);
    return verdict;
  }

  return {
    isHolding: (now) => ratio < 1 || traces.size > 0 || now - below1At < decisionMs,
    setRatio(next, now) {
      ratio = next;
      if (next < 1) below1At = now;
    },
    take(packed, now) {
      const from = { spans: packed, minute: Math.floor(now / 60_000) };
      const taken: Taken = { kept: [], held: undefined, dropped: 0, promoted: [] };
      const toHold: number[] = [];
      for (const [key, indexes] of byTrace(packed)) {
        const rowFlags = indexes.reduce((all, index) => all | (packed.flags[index] ?? 0), 0);
        const verdict = verdictOn(key, rowFlags, now, taken.promoted);
        if (!verdict) toHold.push(...indexes);
        else if (verdict.ratio === 0) taken.dropped += indexes.length;
        else for (const index of indexes) taken.kept.push({ from, index, ...verdict });
      }
      if (toHold.length > 0) {
        const held = pickRows(packed, toHold);
        const { minute } = from;
        const batch = { id: randomUUID(), minute, ratio, spans: held, left: held.count };
        taken.held = { ...batch, isStaged: false, isCancelled: false };
        hold(taken.held, now);
      }
      return taken;
    },
    confirm({ held, dropped }) {
      if (dropped > 0) events.dropped(dropped);
      if (!held) return;
      held.isStaged = true;
      finish(held, 0);
    },
    undo({ held }) {
      if (!held) return;
      held.isCancelled = true;
      for (const key of new Set(byTrace(held.spans).keys())) {
        const trace = traces.get(key);
        if (!trace) continue;
        const rows = trace.rows.filter(({ batch }) => batch === held);
        release(rows);
        trace.rows = trace.rows.filter(({ batch }) => batch !== held);
        if (trace.rows.length === 0) traces.delete(key);
      }
      ready = ready.filter(({ batch }) => batch !== held);
    },
    remember(traceIds, reason, now) {
      for (const key of traceIds) verdicts.put(key, { ratio: 1, reason }, now);
    },
    recover(staged, now) {
      const batch = { ...staged, left: staged.spans.count, isStaged: true, isCancelled: false };
      hold(batch, now);
      for (const key of byTrace(batch.spans).keys()) {
        const verdict = verdicts.get(key);
        if (verdict) settleTrace(key, verdict, now);
      }
      finish(batch, 0);
    },
    decide(now) {
      let early = 0;
      // Traces were put in the order in which their time comes.
      for (const [key, trace] of traces) {
        const isDue = trace.until <= now;
        if (!isDue && bytes <= mostBytes) break;
        if (!isDue) early += 1;
        decideByRatio(key, trace, now);
      }
      if (early > 0) events.early(early);
    },
    takeReady: (mostRows) => ready.splice(0, mostRows),
    putBack(rows) {
      ready = [...rows.filter(({ batch }) => !batch?.isCancelled), ...ready];
    },
    settle(rows) {
      for (const { batch } of rows) if (batch) finish(batch, 1);
    },
    takeFinished() {
      const ids = finished;
      finished = [];
      return ids;
    },
    undecided: () => ({ spans, bytes, readyRows: ready.length }),
  };
}

function keyOf(packed: PackedSpans, index: number): string {
  const { buffer, byteOffset } = traceIdOf(packed, index);
  return Buffer.from(buffer, byteOffset, 16).toString('latin1');
}

function byTrace(packed: PackedSpans): Map<string, number[]> {
  const rows = new Map<string, number[]>();
  for (let index = 0; index < packed.count; index++) {
    const key = keyOf(packed, index);
    const indexes = rows.get(key);
    if (indexes) indexes.push(index);
    else rows.set(key, [index]);
  }
  return rows;
}
