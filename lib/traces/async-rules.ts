import { type SpanColumns, spanKinds } from './schemas.ts';
import type { Times } from './self-time-rules.ts';
import type { Tree } from './tree-rules.ts';

const consumer = spanKinds.indexOf('consumer');
const producer = spanKinds.indexOf('producer');
const client = spanKinds.indexOf('client');
const server = spanKinds.indexOf('server');
const toleranceNs = 1_000_000;
const tolerance = 0.01;
/** Many clients end with the head of an answer, before the server has sent the rest. */
const answerToleranceNs = 5_000_000;
const answerTolerance = 0.05;

/** Nanoseconds that a child may end after its parent and still be what the parent waited for. */
export function allowedAfter(parentKind: number | undefined, childKind: number | undefined, parentNs: number): number {
  return parentKind === client && childKind === server
    ? Math.max(answerToleranceNs, parentNs * answerTolerance)
    : Math.min(toleranceNs, parentNs * tolerance);
}

/**
 * 1 for each span that its parent did not wait for, and for all below it: a consumer, what a producer sent, and one
 * that ends after its parent. One that ends at most 1 ms and 1 % of the parent after it is taken for a clock that is
 * off by that much, as on the critical path; a server may end 5 ms or 5 % of its client after it. Linear.
 */
export function asyncSpansOf(
  { offset, duration, kind }: Times & Pick<SpanColumns, 'kind'>,
  { size, order, parent }: Tree,
): Uint8Array {
  const isAsync = new Uint8Array(size);
  const end = (span: number) => (offset[span] as number) + (duration[span] as number);
  for (let index = 0; index < size; index += 1) {
    const span = order[index] as number;
    const above = parent[span] as number;
    if (above < 0) continue;
    const lasted = duration[above] as number;
    const allowed = allowedAfter(kind[above], kind[span], lasted);
    const left = kind[span] === consumer || kind[above] === producer || end(span) > end(above) + allowed;
    if (left || isAsync[above] === 1) isAsync[span] = 1;
  }
  return isAsync;
}
