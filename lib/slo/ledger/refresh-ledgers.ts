import { db } from '#lib/db/index.ts';
import { refreshFigures } from '../refresh-figures.ts';
import { selectSlos } from '../store.ts';

/** Reckons the figures of SLOs anew whose ledger changed, by what they say now. */
export async function refreshLedgers(ids: ReadonlySet<string>, now: Date): Promise<void> {
  if (ids.size === 0) return;
  const slos = (await selectSlos(db())).filter(({ id }) => ids.has(id));
  await refreshFigures(slos, now);
}
