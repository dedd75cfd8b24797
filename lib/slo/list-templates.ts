import type * as z from 'zod';
import type { Context } from '#lib/core/context.ts';
import { authorize } from '#lib/facts/index.ts';
import type { sloTemplateList } from './schemas.ts';
import { findTemplates } from './templates.ts';
import { previewSlo } from './verbs.ts';

/** SLOs that would work for a service as its metrics are; none where nothing reports for it. */
export async function listTemplates({
  ctx,
  environment,
  service,
}: {
  ctx: Context;
  environment: string;
  service: string;
}): Promise<z.infer<typeof sloTemplateList>> {
  await authorize(ctx, previewSlo);
  return { items: await findTemplates(environment, service, ctx.signal), nextCursor: null, service };
}
