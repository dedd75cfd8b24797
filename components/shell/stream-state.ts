/** How the page hears of changes. `stale` means that nothing has been heard for a while. */
export type StreamState = 'connecting' | 'live' | 'reconnecting' | 'stale';

/** After so long without a connection what is shown is called stale. */
export const staleAfterMs = 30_000;
/** The server says something every 15 s; after this long without a word the connection counts as dead. */
export const silenceMs = 40_000;

/** Wait before the next attempt: doubling from 1 s to 15 s, spread by a quarter so that not all come back at once. */
export function backoffMs(attempt: number, random: number): number {
  const wait = Math.min(15_000, 1000 * 2 ** Math.min(attempt, 10));
  return Math.round(wait * (0.75 + random * 0.5));
}

export interface StreamFacts {
  open: boolean;
  everOpen: boolean;
  /** Since when there is no connection, in milliseconds; undefined while there is one. */
  lostAt: number | undefined;
}

/** The state to show. */
export function streamStateOf({ open, everOpen, lostAt }: StreamFacts, nowMs: number): StreamState {
  if (open) return 'live';
  if (lostAt !== undefined && nowMs - lostAt >= staleAfterMs) return 'stale';
  return everOpen ? 'reconnecting' : 'connecting';
}

/** The topic of a change, from the data of its event; undefined when it is not one of ours. */
export function topicOf(data: string): string | undefined {
  try {
    const value: unknown = JSON.parse(data);
    const topic = typeof value === 'object' && value !== null ? (value as { topic?: unknown }).topic : undefined;
    return typeof topic === 'string' && topic ? topic : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the server, by its greeting, hears of changes itself. */
export function hearsChanges(hello: string): boolean {
  try {
    return (JSON.parse(hello) as { changes?: unknown } | null)?.changes !== false;
  } catch {
    return true;
  }
}
