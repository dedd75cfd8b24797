import type { Context } from '#lib/core/context.ts';
import { perform } from '#lib/facts/index.ts';
import { lockKnownSlo, type SloAddress } from './find-slo.ts';
import { retireSlo } from './save-slo.ts';
import { type SloSaved, sloArchiveInput } from './schemas.ts';
import { fromFile, staleSlo } from './update-slo.ts';
import * as verbs from './verbs.ts';

interface Input {
  ctx: Context;
  address: SloAddress;
  input: unknown;
}

/**
 * Takes an SLO out of use: it is listed, counted and alerted on no more. Its revisions and buckets stay, and creating
 * one of its name brings it back.
 */
export async function archiveSlo({ ctx, address, input }: Input): Promise<SloSaved> {
  return perform(ctx, verbs.archiveSlo, input, { schema: sloArchiveInput }, async (work) => {
    const { version, note } = work.input;
    const before = await lockKnownSlo(work.tx, work.actor, address);
    if (before.origin === 'file') throw fromFile(before);
    if (before.version !== version) throw await staleSlo(work.tx, before, version);
    return retireSlo(work, before, { note });
  });
}
