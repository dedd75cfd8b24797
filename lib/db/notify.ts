import type { Transaction } from './client.ts';

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
export async function notify(tx: Transaction, change: Change): Promise<void> {
  await tx.$executeRaw`select pg_notify(${channel}, ${JSON.stringify(change)})`;
}
