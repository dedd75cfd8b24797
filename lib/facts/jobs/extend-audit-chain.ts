import type { JobContext } from '#lib/core/define-job.ts';
import { db } from '#lib/db/index.ts';
import { extendAuditChain } from '../audit-chain.ts';

export default async function run({ now, log }: JobContext): Promise<void> {
  const records = await extendAuditChain(db(), now);
  if (records > 0) log.debug({ records }, 'audit chain extended');
}
