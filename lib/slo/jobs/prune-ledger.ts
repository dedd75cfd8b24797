import type { JobContext } from '#lib/core/define-job.ts';
import { db } from '#lib/db/index.ts';
import { pruneLedger } from '../ledger-store.ts';

/** Deletes buckets and hours of the ledger that are older than they are kept. */
export default async function run({ signal, log, now }: JobContext): Promise<void> {
  const gone = await pruneLedger(db(), now, signal);
  if (gone > 0) log.info({ gone }, 'old parts of the ledger deleted');
}
