/** A part of a range: from `fromNs` up to but without `toNs`. */
export interface Slice {
  fromNs: bigint;
  toNs: bigint;
}

const minuteNs = 60_000_000_000n;
const firstNs = 10n * minuteNs;
const longestNs = 360n * minuteNs;

/** How much of a range to look at next: little at first, and twice as much each time. */
export function slicer(range: Slice, order: 'newest' | 'oldest') {
  let length = firstNs;
  let left = range;
  return {
    /** The next part, or null when all was looked at. */
    next(): Slice | null {
      if (left.fromNs >= left.toNs) return null;
      if (order === 'newest') {
        const fromNs = left.toNs - length;
        return fromNs > left.fromNs ? { fromNs, toNs: left.toNs } : left;
      }
      const toNs = left.fromNs + length;
      return toNs < left.toNs ? { fromNs: left.fromNs, toNs } : left;
    },
    done(slice: Slice): void {
      left = order === 'newest' ? { ...left, toNs: slice.fromNs } : { ...left, fromNs: slice.toNs };
      length = length * 2n < longestNs ? length * 2n : longestNs;
    },
    /** The last part took too long; false when it cannot be made smaller. */
    shrink(): boolean {
      if (length <= minuteNs / 4n) return false;
      length = length / 4n;
      return true;
    },
    /** Whether any of it was looked at. */
    hasBegun: () => left !== range,
    /** Where it stands: everything on this side of it was looked at. */
    reachedNs: () => (order === 'newest' ? left.toNs : left.fromNs),
  };
}
