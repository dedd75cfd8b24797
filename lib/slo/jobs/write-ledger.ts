import { prometheusSources } from '#lib/adapters/prometheus/index.ts';
import type { JobContext } from '#lib/core/define-job.ts';
import { refreshLedgers } from '../ledger/refresh-ledgers.ts';
import { writeTails } from '../ledger/write-tails.ts';

/** Takes the ledger of every SLO on to the last five minutes that are over. */
export default async function run({ signal, log }: JobContext): Promise<void> {
  if (prometheusSources().length === 0) return;
  const startedAt = performance.now();
  const changed = await writeTails({ signal, log, now: () => new Date() });
  await refreshLedgers(changed, new Date());
  if (changed.size > 0) {
    log.info({ slos: changed.size, durationMs: Math.round(performance.now() - startedAt) }, 'ledgers written');
  }
}
