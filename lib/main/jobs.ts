import { jobs as alerts } from '#lib/alerts/index.ts';
import { jobs as catalog } from '#lib/catalog/index.ts';
import type { Job } from '#lib/core/define-job.ts';
import { jobs as facts } from '#lib/facts/index.ts';
import { jobs as slo } from '#lib/slo/index.ts';
import { jobs as telemetry } from '#lib/telemetry/index.ts';

/** Everything that the worker does. */
export const jobs: Job[] = [...facts, ...catalog, ...telemetry, ...slo, ...alerts];
