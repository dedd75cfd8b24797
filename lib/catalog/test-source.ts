import * as z from 'zod';
import type { Call } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { db } from '#lib/db/index.ts';
import { perform } from '#lib/facts/index.ts';
import { probeSource } from './probe-source.ts';
import { sourceProbes } from './source-list.ts';
import type { SourceTest } from './source-schemas.ts';
import { keepHealth } from './source-store.ts';
import * as verbs from './source-verbs.ts';

const schema = z.strictObject({ id: z.string('must be the id of a source').min(1).max(100) });

/** Asks one source now and keeps the outcome. */
export async function testSource({ ctx, input }: Call): Promise<SourceTest> {
  return perform(ctx, verbs.testSource, input, { schema }, async ({ input, record }) => {
    const probe = sourceProbes().find(({ id }) => id === input.id);
    if (!probe) throw new AppError('source.unknown', 'See /api/v1/sources for those there are.');
    const outcome = await probeSource(probe, ctx.signal);
    if (probe.ask) await keepHealth(db(), outcome);
    record.audit({ kind: 'source', id: probe.id }, { ok: outcome.ok, error: outcome.error });
    await record.changed('sources', probe.id);
    return outcome;
  });
}
