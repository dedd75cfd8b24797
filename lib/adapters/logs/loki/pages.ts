import type { CallOptions, LogLine, LogPosition } from '../port.ts';

/** More than this Loki does not give at once unless it was told to. */
export const mostEntries = 5_000;
const mostRounds = 12;

export interface Window {
  fromNs: bigint;
  /** Exclusive. */
  toNs: bigint;
}

/** Asks for the lines of a window, the newest or the oldest first. */
export type AskWindow = (
  window: Window,
  order: 'newest' | 'oldest',
  limit: number,
  options?: CallOptions,
) => Promise<LogLine[]>;

/**
 * Lines in the order of time and id, behind a place. Loki orders by time alone and cuts among equal times as it likes:
 * so the last time of an answer that is full is left for the next one, which has all of it.
 */
export async function readPage(
  askWindow: AskWindow,
  window: Window,
  { limit, order, after }: { limit: number; order: 'newest' | 'oldest'; after?: LogPosition },
  options: CallOptions = {},
): Promise<{ lines: LogLine[]; truncated: boolean; notes: string[] }> {
  const newest = order === 'newest';
  const sign = newest ? -1 : 1;
  const compare = (a: LogPosition, b: LogPosition) =>
    a.timeNs !== b.timeNs ? (a.timeNs < b.timeNs ? -1 : 1) : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  const found = new Map<string, LogLine>();
  const notes: string[] = [];
  let { fromNs, toNs } = window;
  if (after && newest && after.timeNs + 1n < toNs) toNs = after.timeNs + 1n;
  if (after && !newest && after.timeNs > fromNs) fromNs = after.timeNs;
  const wanted = Math.min(mostEntries, limit + 100);
  let isComplete = false;

  const keep = (lines: readonly LogLine[]) => {
    for (const line of lines)
      if (!after || sign * compare(line, after) > 0) found.set(`${line.timeNs} ${line.id}`, line);
  };
  for (let round = 0; round < mostRounds && fromNs < toNs && found.size <= limit; round++) {
    const lines = await askWindow({ fromNs, toNs }, order, wanted, options);
    if (lines.length < wanted) {
      keep(lines);
      isComplete = true;
      break;
    }
    const times = lines.map(({ timeNs }) => timeNs);
    const edge = times.reduce((a, b) => ((newest ? b < a : b > a) ? b : a));
    const whole = lines.filter(({ timeNs }) => timeNs !== edge);
    keep(whole);
    if (whole.length > 0) {
      if (newest) toNs = edge + 1n;
      else fromNs = edge;
      continue;
    }
    const same = await askWindow({ fromNs: edge, toNs: edge + 1n }, order, mostEntries, options);
    keep(same);
    if (same.length >= mostEntries) notes.push(`More than ${mostEntries} lines have one time; the rest cannot be had.`);
    if (newest) toNs = edge;
    else fromNs = edge + 1n;
  }
  const all = [...found.values()].sort((a, b) => sign * compare(a, b));
  const exhausted = isComplete || fromNs >= toNs;
  return { lines: all.slice(0, limit), truncated: all.length > limit || !exhausted, notes };
}
