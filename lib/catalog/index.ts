import { sourceJobs } from './source-jobs.ts';
import { sourceRoutes } from './source-routes.ts';

export const routes = [...sourceRoutes];
export const jobs = [...sourceJobs];
