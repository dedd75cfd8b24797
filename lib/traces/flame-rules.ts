import type { Times } from './self-time-rules.ts';
import type { Tree } from './tree-rules.ts';

/** Where each span is drawn in a flame graph over time. */
export interface Flame {
  /** Row of each span, 0 at the top: below its parent, and clear of whatever runs at the same time. */
  lane: Int32Array;
  lanes: number;
  /** From where to where it is drawn: not before its parent begins. Nanoseconds since the start of the trace. */
  fromNs: Float64Array;
  toNs: Float64Array;
}

/** Puts each span into the first row that is free below its parent's. n log n, without recursion. */
export function flameOf({ offset, duration }: Times, { size, parent, depth, order }: Tree): Flame {
  const fromNs = new Float64Array(size);
  const toNs = new Float64Array(size);
  for (const span of order) {
    const above = parent[span] as number;
    const start = offset[span] as number;
    fromNs[span] = above < 0 ? start : Math.max(start, fromNs[above] as number);
    toNs[span] = Math.max(fromNs[span] as number, start + (duration[span] as number));
  }
  const bySweep = order
    .slice()
    .sort(
      (a, b) => (fromNs[a] as number) - (fromNs[b] as number) || (depth[a] as number) - (depth[b] as number) || a - b,
    );
  const rows = freeRows(size);
  const lane = new Int32Array(size);
  let lanes = 0;
  for (const span of bySweep) {
    const above = parent[span] as number;
    const row = rows.firstFree(above < 0 ? 0 : (lane[above] as number) + 1, fromNs[span] as number);
    lane[span] = row;
    lanes = Math.max(lanes, row + 1);
    rows.occupy(row, Math.max(toNs[span] as number, fromNs[span] as number));
  }
  return { lane, lanes, fromNs, toNs };
}

/** Rows with the time from which each is free: a segment tree of minima. */
function freeRows(size: number): {
  firstFree(least: number, at: number): number;
  occupy(row: number, until: number): void;
} {
  let leaves = 1;
  while (leaves < size + 1) leaves *= 2;
  const free = new Float64Array(leaves * 2).fill(Number.NEGATIVE_INFINITY);
  return {
    firstFree(least, at) {
      let node = least + leaves;
      // Up until a subtree to the right of `least` has a free row, then down to its first.
      while ((free[node] as number) > at) {
        while (node % 2 === 1) node >>= 1;
        node += 1;
      }
      while (node < leaves) {
        node *= 2;
        if ((free[node] as number) > at) node += 1;
      }
      return node - leaves;
    },
    occupy(row, until) {
      let node = row + leaves;
      free[node] = until;
      for (node >>= 1; node >= 1; node >>= 1) {
        free[node] = Math.min(free[node * 2] as number, free[node * 2 + 1] as number);
      }
    },
  };
}
