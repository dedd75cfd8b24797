import type { LogLine, LogPosition, LogSearchAnswer } from '#lib/adapters/logs/index.ts';

export type Order = 'newest' | 'oldest';

export interface FromSource {
  sourceId: string;
  /** null: it did not answer. */
  answer: LogSearchAnswer | null;
  /** Where it went on from. */
  before: LogPosition | undefined;
}

export interface MergedLine {
  sourceId: string;
  line: LogLine;
}

export interface Merged {
  lines: MergedLine[];
  /** Where each source goes on; null when there is nothing more. */
  next: Map<string, LogPosition> | null;
}

const highestId = 'ff'.repeat(16);
const lowestId = '00'.repeat(16);

function compare(a: MergedLine, b: MergedLine): number {
  if (a.line.timeNs !== b.line.timeNs) return a.line.timeNs < b.line.timeNs ? -1 : 1;
  if (a.sourceId !== b.sourceId) return a.sourceId < b.sourceId ? -1 : 1;
  return a.line.id < b.line.id ? -1 : a.line.id > b.line.id ? 1 : 0;
}

/**
 * The first `limit` lines of several sources by time. A source that stopped early holds back what lies behind the
 * place that it reached, so that its lines do not come later out of order. One that failed goes on from the end of
 * this page.
 */
export function mergeLines(sources: readonly FromSource[], order: Order, limit: number): Merged {
  const sign = order === 'newest' ? -1 : 1;
  const reached = sources.flatMap(({ answer }) => answer?.reached?.timeNs ?? []);
  const isLookedAt = ({ timeNs }: LogLine) =>
    reached.every((place) => (order === 'newest' ? timeNs >= place : timeNs <= place));
  const all = sources
    .flatMap(({ sourceId, answer }) => (answer?.lines ?? []).map((line) => ({ sourceId, line })))
    .sort((a, b) => sign * compare(a, b));
  const lines = all.filter(({ line }) => isLookedAt(line)).slice(0, limit);
  const hasMore = lines.length < all.length || sources.some(({ answer }) => answer?.truncated || answer?.reached);
  if (!hasMore) return { lines, next: null };

  const end = lines.at(-1)?.line;
  const next = new Map<string, LogPosition>();
  for (const { sourceId, answer, before } of sources) {
    const own = lines.filter((merged) => merged.sourceId === sourceId);
    const last = own.at(-1)?.line;
    const takenAll = own.length === answer?.lines.length;
    const passed = end && { timeNs: end.timeNs, id: order === 'newest' ? lowestId : highestId };
    const place =
      answer === null
        ? (passed ?? before)
        : takenAll && answer.reached
          ? answer.reached
          : ((last && { timeNs: last.timeNs, id: last.id }) ?? before);
    if (place) next.set(sourceId, place);
  }
  return { lines, next };
}
