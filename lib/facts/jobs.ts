import { defineJob } from '#lib/core/define-job.ts';

export const jobs = [
  defineJob({
    name: 'facts.extend-audit-chain',
    everyMs: 60_000,
    leaseMs: 60_000,
    handler: () => import('./jobs/extend-audit-chain.ts'),
  }),
  defineJob({
    name: 'facts.forget-idempotency-keys',
    everyMs: 3_600_000,
    leaseMs: 60_000,
    handler: () => import('./jobs/forget-idempotency-keys.ts'),
  }),
];
