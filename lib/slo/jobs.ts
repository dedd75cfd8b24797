import { defineJob, type Job } from '#lib/core/define-job.ts';

/** Background work of SLOs: files, ledger, backfill, rule file. */
export const jobs: Job[] = [
  defineJob({
    name: 'slo.load-files',
    everyMs: 3_000,
    leaseMs: 30_000,
    handler: () => import('./jobs/load-files.ts'),
  }),
  defineJob({
    name: 'slo.write-ledger',
    everyMs: 15_000,
    leaseMs: 60_000,
    handler: () => import('./jobs/write-ledger.ts'),
  }),
  defineJob({
    name: 'slo.backfill-ledger',
    everyMs: 10_000,
    leaseMs: 60_000,
    handler: () => import('./jobs/backfill-ledger.ts'),
  }),
  defineJob({
    name: 'slo.prune-ledger',
    everyMs: 6 * 3_600_000,
    leaseMs: 120_000,
    handler: () => import('./jobs/prune-ledger.ts'),
  }),
  defineJob({
    name: 'slo.write-rules',
    everyMs: 5_000,
    leaseMs: 60_000,
    handler: () => import('./jobs/write-rule-file.ts'),
  }),
];
