import { AppError } from '#lib/core/errors.ts';
import { db } from '#lib/db/index.ts';
import { beginLedgers, type LedgerRow, selectLedgers } from '../ledger-store.ts';
import { type StoredSlo, selectSlos } from '../store.ts';

export interface Ledger {
  slo: StoredSlo;
  state: LedgerRow;
}

/** Every SLO with its ledger; one that has none yet, or that is of an earlier revision, begins here. */
export async function openLedgers(): Promise<Ledger[]> {
  const slos = await selectSlos(db());
  let states = await selectLedgers(db());
  const isOpen = ({ id, ledgerRevision }: StoredSlo) => states.get(id)?.revision === ledgerRevision;
  const unopened = slos.filter((slo) => !isOpen(slo));
  if (unopened.length > 0) {
    await beginLedgers(db(), unopened);
    states = await selectLedgers(db());
  }
  return slos.filter(isOpen).map((slo) => ({ slo, state: states.get(slo.id) as LedgerRow }));
}

/** Why a ledger could not be read, as a sentence for the person who reads the SLO's page. */
export function sentenceOf(error: unknown): string {
  if (error instanceof AppError) return error.detail;
  const isOurs = error instanceof RangeError || (error instanceof Error && error.name === 'CounterQueryError');
  return isOurs ? error.message : 'The ledger could not be written; the log of the worker says why.';
}
