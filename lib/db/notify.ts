import type { Database, Transaction } from './client.ts';

export const channel = 'quarterdeck';

/** Says "fetch this again". It carries no data: each reader asks anew, with its own rights. */
export interface Change {
  /** What changed, as the first part of a query key: `people`, `facts`. */
  topic: string;
  id: string;
  /** Who may know of it; see `visibleTo`. */
  audience: string;
}

/** Sends a change to every process when the transaction commits. */
export async function notify(tx: Transaction | Database, change: Change): Promise<void> {
  await tx.$executeRaw`select pg_notify(${channel}, ${JSON.stringify(change)})`;
}

/** Reads what came over the channel; null for what is not one of ours, since anybody on the database may write there. */
export function parseChange(payload: string | undefined): Change | null {
  try {
    const { topic, id, audience } = JSON.parse(payload ?? '') as Record<string, unknown>;
    if (typeof topic !== 'string' || typeof id !== 'string' || typeof audience !== 'string') return null;
    return { topic, id, audience };
  } catch {
    return null;
  }
}
