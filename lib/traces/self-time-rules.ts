import type { Tree } from './tree-rules.ts';

/** When spans ran: offsets and durations in nanoseconds, as they were sent or as clocks were set. */
export interface Times {
  offset: ArrayLike<number>;
  duration: ArrayLike<number>;
}

/**
 * The time of each span in which none of its children ran, in nanoseconds: its duration less the union of its
 * children's intervals, each cut to the span. Never below 0, whatever runs at once. n log n.
 */
export function selfTimes({ offset, duration }: Times, { size, firstChild, children }: Tree): Float64Array {
  const self = new Float64Array(size);
  for (let span = 0; span < size; span += 1) {
    const from = offset[span] as number;
    const to = from + (duration[span] as number);
    const first = firstChild[span] as number;
    const last = firstChild[span + 1] as number;
    let covered = 0;
    let until = from;
    for (const child of byStart(children.subarray(first, last), offset)) {
      const start = Math.max(until, offset[child] as number);
      const end = Math.min(to, (offset[child] as number) + (duration[child] as number));
      if (end <= start) continue;
      covered += end - start;
      until = end;
    }
    self[span] = Math.max(0, to - from - covered);
  }
  return self;
}

/** Children by start: they already are unless clocks were set. */
function byStart(children: Int32Array, offset: ArrayLike<number>): Int32Array {
  for (let index = 1; index < children.length; index += 1) {
    if ((offset[children[index] as number] as number) < (offset[children[index - 1] as number] as number)) {
      return children.slice().sort((a, b) => (offset[a] as number) - (offset[b] as number) || a - b);
    }
  }
  return children;
}
