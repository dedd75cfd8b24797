import type { JobContext } from '#lib/core/define-job.ts';
import { db } from '#lib/db/index.ts';
import { deleteExpiredKeys } from '../store.ts';

export default async function run({ log }: JobContext): Promise<void> {
  const forgotten = await deleteExpiredKeys(db());
  if (forgotten > 0) log.debug({ forgotten }, 'idempotency keys forgotten');
}
