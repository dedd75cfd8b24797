import { allowedAfter } from './async-rules.ts';
import { type SpanColumns, spanKinds } from './schemas.ts';
import type { Times } from './self-time-rules.ts';
import type { Tree } from './tree-rules.ts';

/** Part `i`: span `span[i]` was what the trace waited for from `fromNs[i]` to `toNs[i]`. In the order of time. */
export interface CriticalPath {
  span: Int32Array;
  fromNs: Float64Array;
  toNs: Float64Array;
}

const consumer = spanKinds.indexOf('consumer');
const producer = spanKinds.indexOf('producer');
const client = spanKinds.indexOf('client');
const server = spanKinds.indexOf('server');

/**
 * The spans that a trace waited for, after Jaeger's algorithm (jaegertracing/jaeger-ui, TracePage/CriticalPath): from
 * the end of the longest root backwards, always to the child that ended last before that moment. Its parts lie end to
 * end and fill the root exactly.
 *
 * A child that its parent cannot have waited for is not on it (jaeger-ui#2371): a consumer, what a producer sent, and
 * one that ends after its parent. One that ends at most 1 ms and 1 % of the parent after it is taken for a clock that
 * is off by that much, and cut. What begins before its parent is cut as well. A server is always waited for by its
 * client, until that ends. n log n, without recursion.
 */
export function criticalPathOf(
  { offset, duration, kind }: Times & Pick<SpanColumns, 'kind'>,
  tree: Tree,
): CriticalPath {
  const { size, parent, roots, firstChild, children } = tree;
  const parts: { span: number[]; from: number[]; to: number[] } = { span: [], from: [], to: [] };
  const add = (span: number, from: number, to: number) => {
    if (to <= from) return;
    parts.span.push(span);
    parts.from.push(from);
    parts.to.push(to);
  };
  const start = longest(roots, duration);
  if (start === undefined) return { span: new Int32Array(), fromNs: new Float64Array(), toNs: new Float64Array() };

  const from = new Float64Array(size);
  const to = new Float64Array(size);
  /** Children that were waited for, by their end; the next to look at stands at `left`. */
  const waited = new Map<number, Int32Array>();
  const left = new Int32Array(size);
  const open = (span: number) => {
    const all = children.subarray(firstChild[span], firstChild[span + 1]).filter((child) => isWaitedFor(child, span));
    for (const child of all) {
      const begins = offset[child] as number;
      from[child] = Math.max(from[span] as number, begins);
      to[child] = Math.min(to[span] as number, begins + (duration[child] as number));
    }
    all.sort((a, b) => (to[a] as number) - (to[b] as number) || a - b);
    waited.set(span, all);
    left[span] = all.length - 1;
  };
  const isWaitedFor = (child: number, span: number) => {
    if (kind[child] === consumer || kind[span] === producer) return false;
    const begins = offset[child] as number;
    const ends = begins + (duration[child] as number);
    const parentEnds = (offset[span] as number) + (duration[span] as number);
    // A client waits for its server: one that ends later was still sending its answer, or was given up on.
    if (kind[span] === client && kind[child] === server) {
      return begins <= (to[span] as number) && ends >= (from[span] as number);
    }
    const allowed = allowedAfter(kind[span], kind[child], duration[span] as number);
    return ends <= parentEnds + allowed && begins <= (to[span] as number) && ends >= (from[span] as number);
  };

  from[start] = offset[start] as number;
  to[start] = (offset[start] as number) + (duration[start] as number);
  open(start);
  let span = start;
  let until = to[start] as number;
  while (true) {
    const candidates = waited.get(span) as Int32Array;
    let next = left[span] as number;
    while (next >= 0 && (to[candidates[next] as number] as number) > until) next -= 1;
    if (next >= 0) {
      const child = candidates[next] as number;
      left[span] = next - 1;
      add(span, to[child] as number, until);
      until = to[child] as number;
      span = child;
      open(span);
      continue;
    }
    left[span] = -1;
    add(span, from[span] as number, until);
    until = Math.min(until, from[span] as number);
    if (span === start) break;
    span = parent[span] as number;
  }
  return {
    span: Int32Array.from(parts.span.reverse()),
    fromNs: Float64Array.from(parts.from.reverse()),
    toNs: Float64Array.from(parts.to.reverse()),
  };
}

function longest(roots: Int32Array, duration: ArrayLike<number>): number | undefined {
  let best: number | undefined;
  for (const root of roots) {
    if (best === undefined || (duration[root] as number) > (duration[best] as number)) best = root;
  }
  return best;
}

/** How long each span was waited for, in nanoseconds. */
export function criticalTimes({ span, fromNs, toNs }: CriticalPath, size: number): Float64Array {
  const times = new Float64Array(size);
  for (let index = 0; index < span.length; index += 1) {
    const number = span[index] as number;
    times[number] = (times[number] as number) + ((toNs[index] as number) - (fromNs[index] as number));
  }
  return times;
}
