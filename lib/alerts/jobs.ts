import { defineJob } from '#lib/core/define-job.ts';

export const jobs = [
  // Looks often whether the list is due, and reads it each minute or when it is wanted.
  defineJob({
    name: 'alerts.reconcile',
    everyMs: 5_000,
    leaseMs: 60_000,
    handler: () => import('./jobs/reconcile.ts'),
  }),
  defineJob({
    name: 'alerts.expire-acknowledgements',
    everyMs: 60_000,
    leaseMs: 60_000,
    handler: () => import('./jobs/expire-acknowledgements.ts'),
  }),
  defineJob({
    name: 'alerts.forget',
    everyMs: 3_600_000,
    leaseMs: 300_000,
    handler: () => import('./jobs/forget.ts'),
  }),
];
