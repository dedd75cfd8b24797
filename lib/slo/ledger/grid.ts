import { bucketMs } from '../window-rules.ts';

export { bucketMs };

/** Time in ms, from its start to before its end. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** A span cut into cells of equal length; both ends are multiples of it. */
export interface Cells extends Span {
  cellMs: number;
}

/** Good and total events of each cell. */
export interface Counts {
  good: Float64Array;
  total: Float64Array;
}

/** What the ledger keeps of five minutes: `[startMs, startMs + bucketMs)`. */
export interface Bucket {
  startMs: number;
  good: number;
  total: number;
  /** 0 to 1; see `coverageOf`. */
  coverage: number;
  approximate: boolean;
}

export type RawSample = readonly [atMs: number, value: number];

export const cellCount = ({ fromMs, toMs, cellMs }: Cells): number => Math.round((toMs - fromMs) / cellMs);

export const floorTo = (ms: number, step: number): number => Math.floor(ms / step) * step;
export const ceilTo = (ms: number, step: number): number => Math.ceil(ms / step) * step;

/** Buckets without those at the beginning that nothing is known of. */
export function fromFirstKnown(buckets: readonly Bucket[]): Bucket[] {
  const first = buckets.findIndex(({ coverage }) => coverage > 0);
  return first === -1 ? [] : buckets.slice(first);
}
