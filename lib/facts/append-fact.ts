import { notify, type Transaction } from '#lib/db/index.ts';
import { insertFact, type NewFact } from './store.ts';

/**
 * Appends a fact within the transaction of the change that it records and announces it. Returns its id, or null
 * when a fact with the same idempotency key exists.
 */
export async function appendFact(tx: Transaction, fact: NewFact): Promise<string | null> {
  const id = await insertFact(tx, fact);
  if (id) await notify(tx, { topic: 'facts', id, audience: fact.audience ?? 'everyone' });
  return id;
}
