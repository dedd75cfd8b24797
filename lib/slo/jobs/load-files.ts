import type { JobContext } from '#lib/core/define-job.ts';
import { loadChangedFiles } from '../load-files.ts';

/** Takes over what files of SLOs say. */
export default async function run({ signal, log }: JobContext): Promise<void> {
  await loadChangedFiles(log, signal);
}
