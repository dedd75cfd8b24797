import * as z from 'zod';
import { environmentOf } from '#lib/telemetry/index.ts';
import type { SloAddress } from './find-slo.ts';
import { sloName } from './schemas.ts';

export const tag = 'SLOs';

export const sloParams = z.object({ slo: sloName });

/** What an address names; the default environment where it names none. */
export const addressOf = (slo: string, env: string | undefined): SloAddress => ({
  environment: environmentOf(env),
  name: slo,
});
