import type { Job } from '#lib/core/define-job.ts';

export const jobs: Job[] = [];
