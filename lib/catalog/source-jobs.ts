import { defineJob } from '#lib/core/define-job.ts';

export const checkEveryMs = 10_000;

export const sourceJobs = [
  defineJob({
    name: 'catalog.probe-sources',
    everyMs: checkEveryMs,
    leaseMs: 20_000,
    handler: () => import('./jobs/probe-sources.ts'),
  }),
];
