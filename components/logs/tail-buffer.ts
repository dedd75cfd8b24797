import type { LogLine } from '#lib/logs/schemas.ts';

/** So many lines are kept while following; the oldest are let go. */
export const mostLines = 2_000;

/** What a tail has brought. Lines are newest first; `waiting` are those that came while one did not look. */
export interface TailBuffer {
  lines: readonly LogLine[];
  waiting: readonly LogLine[];
  /** Left out by the server because there were too many; `isDroppedExact`: all of them were counted. */
  dropped: number;
  isDroppedExact: boolean;
  /** Let go here because the buffer was full. */
  letGo: number;
}

export const emptyBuffer: TailBuffer = { lines: [], waiting: [], dropped: 0, isDroppedExact: true, letGo: 0 };

const newer = (a: LogLine, b: LogLine): number => {
  if (a.timeNs !== b.timeNs) {
    const byLength = b.timeNs.length - a.timeNs.length;
    return byLength !== 0 ? byLength : a.timeNs < b.timeNs ? 1 : -1;
  }
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
};

/** Lines of both lists, each once, newest first, and how many did not fit. */
export function mergeNewest(
  a: readonly LogLine[],
  b: readonly LogLine[],
  most: number,
): { lines: LogLine[]; over: number } {
  const known = new Set(a.map(({ id }) => id));
  const fresh = b.filter(({ id }) => {
    if (known.has(id)) return false;
    known.add(id);
    return true;
  });
  const all = [...a, ...fresh].sort(newer);
  return { lines: all.slice(0, most), over: Math.max(0, all.length - most) };
}

/** Takes what arrived: shown at once, or kept waiting while `isHeld`. */
export function arrive(
  buffer: TailBuffer,
  incoming: readonly LogLine[],
  isHeld: boolean,
  most = mostLines,
): TailBuffer {
  const shown = new Set(buffer.lines.map(({ id }) => id));
  const fresh = incoming.filter(({ id }) => !shown.has(id));
  if (fresh.length === 0) return buffer;
  const { lines, over } = mergeNewest(isHeld ? buffer.waiting : buffer.lines, fresh, most);
  return { ...buffer, ...(isHeld ? { waiting: lines } : { lines }), letGo: buffer.letGo + over };
}

/** Shows what has waited. */
export function release(buffer: TailBuffer, most = mostLines): TailBuffer {
  if (buffer.waiting.length === 0) return buffer;
  const { lines, over } = mergeNewest(buffer.lines, buffer.waiting, most);
  return { ...buffer, lines, waiting: [], letGo: buffer.letGo + over };
}

/** Notes that the server left lines out; null: it did not count them. */
export function drop(buffer: TailBuffer, count: number | null): TailBuffer {
  return {
    ...buffer,
    dropped: buffer.dropped + (count ?? 0),
    isDroppedExact: buffer.isDroppedExact && count !== null,
  };
}
