import type { JobContext } from '#lib/core/define-job.ts';
import { db } from '#lib/db/index.ts';
import { reconcile } from '../reconcile.ts';
import { selectState } from '../state-store.ts';

const everyMs = 55_000;

export default async function run({ signal, now, log }: JobContext): Promise<void> {
  const { reconciled_at: last, wanted_at: wanted } = await selectState(db());
  const isDue = !last || now.getTime() - last.getTime() >= everyMs;
  const isWanted = wanted !== null && (!last || wanted > last);
  if (!isDue && !isWanted) return;
  const { state, held, changed } = await reconcile({ signal });
  if (changed > 0) log.info({ held, changed }, "alerts were brought in line with Alertmanager's list");
  else log.debug({ state, held }, "Alertmanager's list was read");
}
