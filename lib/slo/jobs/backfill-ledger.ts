import { prometheusSources } from '#lib/adapters/prometheus/index.ts';
import type { JobContext } from '#lib/core/define-job.ts';
import { backfill } from '../ledger/backfill.ts';
import { refreshLedgers } from '../ledger/refresh-ledgers.ts';

/** Fills the ledgers of new and changed SLOs backwards, as far as the metrics source remembers. */
export default async function run({ signal, log }: JobContext): Promise<void> {
  if (prometheusSources().length === 0) return;
  const now = () => new Date();
  await backfill({
    signal,
    log,
    now,
    onProgress: async (slos) => {
      await refreshLedgers(new Set(slos.map(({ id }) => id)), now());
      log.info({ slos: slos.length }, 'ledgers filled further back');
    },
  });
}
