import { log } from '#lib/core/log.ts';
import { db } from '#lib/db/index.ts';
import { refreshFigures } from './refresh-figures.ts';
import { selectSlos } from './store.ts';

/**
 * Reckons the figures of SLOs anew after a change that is kept already, so that nobody waits for the ledger's next
 * bucket to see it. A failure is logged only: the ledger does the same in five minutes.
 */
export async function refreshAfter(
  changed: readonly { environment: string; name: string }[],
  now: Date,
): Promise<void> {
  const [first, ...others] = changed;
  if (!first) return;
  try {
    const { environment, name } = first;
    const slos = await selectSlos(db(), others.length === 0 ? { environment, name } : {});
    const wanted = new Set(changed.map(({ environment, name }) => `${environment}\n${name}`));
    const some = slos.filter(({ environment, name }) => wanted.has(`${environment}\n${name}`));
    if (some.length > 0) await refreshFigures(some, now);
  } catch (error) {
    log().warn({ err: error, slos: changed.length }, 'figures could not be reckoned after a change');
  }
}
