import type { Job } from '#lib/core/define-job.ts';

/** Background work of SLOs: files, ledger, backfill, rule file. */
export const jobs: Job[] = [];
