/** Nanoseconds since 1970; the end is not part of it. */
export interface Range {
  fromNs: bigint;
  toNs: bigint;
}

const firstNs = 60_000_000_000n;
const quickMs = 150;
const slowMs = 800;
const leastNs = 1_000_000_000n;

/**
 * Parts of a range from its end to its start, without gaps: wider after a part that was quick, narrower after one
 * that was slow. Call `took` before asking for the next.
 */
export function* slicesBackwards({ fromNs, toNs }: Range): Iterable<{ slice: Range; took: (ms: number) => void }> {
  let width = firstNs;
  for (let end = toNs; end > fromNs; ) {
    const start = end - width > fromNs ? end - width : fromNs;
    yield {
      slice: { fromNs: start, toNs: end },
      took: (ms) => {
        if (ms < quickMs) width *= 6n;
        else if (ms > slowMs && width / 2n > leastNs) width /= 2n;
      },
    };
    end = start;
  }
}
