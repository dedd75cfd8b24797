import { allowedAfter } from './async-rules.ts';
import { type SpanColumns, spanKinds } from './schemas.ts';
import type { Tree } from './tree-rules.ts';

/** Clocks that disagree by less, in nanoseconds, are not worth a word: many senders round starts to this. */
export const leastSkewNs = 1_000_000;

/** Where spans stand once the clocks of their services are set to those of their callers. Nanoseconds. */
export interface Skew {
  /** Start of each span since the start of the trace as it was sent. */
  offset: Float64Array;
  /** By how much each span was moved: what was added to its offset. 0 for most. */
  shift: Float64Array;
  /** First start and last end after moving. */
  fromNs: number;
  toNs: number;
  /** Spans that were moved, by service, the farthest moved first. */
  services: { service: number; spans: number; leastNs: number; mostNs: number }[];
}

const consumer = spanKinds.indexOf('consumer');
const producer = spanKinds.indexOf('producer');
const client = spanKinds.indexOf('client');
/** Some SDKs tell when a span began to the millisecond only. */
const earlyToleranceNs = 2_000_000;

/**
 * Estimates how far the clock of each called service is off, as Jaeger's clock skew adjuster does
 * (jaegertracing/jaeger, internal/storage/v1/api … adjuster/clockskew.go): a child of another service that does not
 * lie within its parent is moved to its middle, as if the way there and back took equally long; one that is longer
 * than its parent is only moved so as not to begin before it. Spans below in the same service move along. Beyond
 * Jaeger's rule, work that nobody waits for (a consumer, what a producer sent, what is no answer to a client) may end
 * after its parent and is moved only where it would begin before it. An end that is late by little (`allowedAfter`) or
 * a start that is early by less than 2 ms is none. Linear.
 */
export function skewOf(spans: Pick<SpanColumns, 'service' | 'kind' | 'offset' | 'duration'>, tree: Tree): Skew {
  const { size, order, parent } = tree;
  const offset = Float64Array.from(spans.offset);
  const shift = new Float64Array(size);
  for (let index = 0; index < size; index += 1) {
    const span = order[index] as number;
    const above = parent[span] as number;
    if (above < 0) continue;
    if (spans.service[span] === spans.service[above]) shift[span] = shift[above] as number;
    else shift[span] = shiftOf(spans, span, above, offset[above] as number);
    offset[span] = (offset[span] as number) + (shift[span] as number);
  }
  return { offset, shift, ...extentOf(offset, spans.duration), services: movedBy(spans.service, shift) };
}

function shiftOf(
  { kind, offset, duration }: Pick<SpanColumns, 'kind' | 'offset' | 'duration'>,
  span: number,
  above: number,
  from: number,
): number {
  const start = offset[span] as number;
  const length = duration[span] as number;
  const around = duration[above] as number;
  const isEarly = start < from - earlyToleranceNs;
  const isLate = start + length > from + around + allowedAfter(kind[above], kind[span], around);
  if (!isEarly && !isLate) return 0;
  if (length > around) return isEarly ? from - start : 0;
  const isAwaited = kind[above] === client && kind[span] !== consumer;
  if (!isAwaited && (!isEarly || kind[span] === consumer || kind[above] === producer)) {
    return isEarly ? from - start : 0;
  }
  return from + (around - length) / 2 - start;
}

function extentOf(offset: Float64Array, duration: readonly number[]): { fromNs: number; toNs: number } {
  if (offset.length === 0) return { fromNs: 0, toNs: 0 };
  let fromNs = Number.POSITIVE_INFINITY;
  let toNs = Number.NEGATIVE_INFINITY;
  for (let span = 0; span < offset.length; span += 1) {
    const start = offset[span] as number;
    fromNs = Math.min(fromNs, start);
    toNs = Math.max(toNs, start + (duration[span] as number));
  }
  return { fromNs, toNs };
}

function movedBy(service: readonly number[], shift: Float64Array): Skew['services'] {
  const moved = new Map<number, Skew['services'][number]>();
  for (let span = 0; span < shift.length; span += 1) {
    const by = shift[span] as number;
    if (by === 0) continue;
    const number = service[span] as number;
    const known = moved.get(number) ?? { service: number, spans: 0, leastNs: by, mostNs: by };
    moved.set(number, known);
    known.spans += 1;
    known.leastNs = Math.min(known.leastNs, by);
    known.mostNs = Math.max(known.mostNs, by);
  }
  const farthest = ({ leastNs, mostNs }: Skew['services'][number]) => Math.max(Math.abs(leastNs), Math.abs(mostNs));
  return [...moved.values()].sort((a, b) => farthest(b) - farthest(a) || a.service - b.service);
}
