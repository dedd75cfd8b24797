import { asyncSpansOf } from '#lib/traces/async-rules.ts';
import { type CriticalPath, criticalPathOf, criticalTimes } from '#lib/traces/critical-path-rules.ts';
import { selfTimes } from '#lib/traces/self-time-rules.ts';
import type { TraceModel } from './trace-model.ts';
import type { Zoom } from './trace-url.ts';

/** What is reckoned from a trace beyond its tree. */
export interface TraceInsight {
  /** Nanoseconds of each span in which no child ran. */
  selfNs: Float64Array;
  /** Nanoseconds for which the trace waited for each span. */
  criticalNs: Float64Array;
  isAsync: (span: number) => boolean;
  /** Where a span is on the critical path, as ratios of a part of the trace, narrower gaps than can be seen closed. */
  criticalIn: (span: number, part: Zoom) => [from: number, to: number][];
  /** Nanoseconds by which a span was moved for its clock; 0 where it was not. */
  moved: (span: number) => number;
}

/** Two parts of the path that are closer than this, as a ratio of what is shown, are drawn as one. */
const seen = 0.0008;

/** Reckons what is drawn beside the bars: 100,000 spans take some tenths of a second. */
export function insightOf(model: TraceModel): TraceInsight {
  const { spans, tree, skewed, isCorrected } = model;
  const asynchronous = asyncSpansOf(spans, tree);
  const path = criticalPathOf(spans, tree);
  const { first, at } = bySpan(path, tree.size);
  return {
    selfNs: selfTimes(spans, tree),
    criticalNs: criticalTimes(path, tree.size),
    isAsync: (span) => asynchronous[span] === 1,
    criticalIn: (span, { fromNs, toNs }) => {
      const length = toNs - fromNs;
      const found: [number, number][] = [];
      for (let i = first[span] as number; i < (first[span + 1] as number); i++) {
        const part = at[i] as number;
        const from = Math.max(0, ((path.fromNs[part] as number) - fromNs) / length);
        const to = Math.min(1, ((path.toNs[part] as number) - fromNs) / length);
        if (to <= from) continue;
        const before = found.at(-1);
        if (before && from - before[1] < seen) before[1] = to;
        else found.push([from, to]);
      }
      return found;
    },
    moved: (span) => (isCorrected ? (skewed?.shift[span] ?? 0) : 0),
  };
}

/** The parts of the path by span: numbers of those of span `i` stand in `at` from `first[i]` to before `first[i + 1]`. */
function bySpan({ span }: CriticalPath, size: number): { first: Int32Array; at: Int32Array } {
  const first = new Int32Array(size + 1);
  for (const one of span) first[one + 1] = (first[one + 1] as number) + 1;
  for (let i = 0; i < size; i++) first[i + 1] = (first[i + 1] as number) + (first[i] as number);
  const at = new Int32Array(span.length);
  const next = first.slice(0, size);
  for (let part = 0; part < span.length; part++) {
    const one = span[part] as number;
    const place = next[one] as number;
    at[place] = part;
    next[one] = place + 1;
  }
  return { first, at };
}
