import type { JobContext } from '#lib/core/define-job.ts';
import { expireAcknowledgements } from '../acknowledge-alert.ts';

export default async function run({ now, log }: JobContext): Promise<void> {
  const expired = await expireAcknowledgements(now);
  if (expired > 0) log.info({ expired }, 'acknowledgements of pages were taken back');
}
