import { defineJob } from '#lib/core/define-job.ts';

export const jobs = [
  defineJob({
    name: 'telemetry.recognise-deploys',
    everyMs: 15_000,
    leaseMs: 60_000,
    handler: () => import('./jobs/recognise-deploys.ts'),
  }),
];
