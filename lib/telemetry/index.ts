import type { Job } from '#lib/core/define-job.ts';
import type { RouteDefinition } from '#lib/http/index.ts';

export const routes: RouteDefinition[] = [];
export const jobs: Job[] = [];
