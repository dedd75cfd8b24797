import { inScope } from '#lib/core/actor.ts';
import type { Context } from '#lib/core/context.ts';
import { perform, requireScope } from '#lib/facts/index.ts';
import { readOneSlo, requirePolicy } from './read-source.ts';
import { nameTaken, saveSlo } from './save-slo.ts';
import { type SloSaved, sloCreateInput } from './schemas.ts';
import { lockSlo } from './store.ts';
import { fromFile } from './update-slo.ts';
import * as verbs from './verbs.ts';

interface Input {
  ctx: Context;
  /** Of documents that name none. */
  environment: string;
  input: unknown;
}

/**
 * Creates an SLO from OpenSLO, or brings an archived one of that name back as its next revision. `slo.invalid` with
 * the line of every problem, `slo.name_taken`, or `slo.from_file` where a file has the name.
 */
export async function createSlo({ ctx, environment, input }: Input): Promise<SloSaved> {
  return perform(ctx, verbs.createSlo, input, { schema: sloCreateInput }, async (work) => {
    const { source, note } = work.input;
    const read = readOneSlo(source, environment);
    const { definition, warnings } = read;
    requireScope(work.actor, { environment: definition.environment, services: [definition.service] });
    const before = await lockSlo(work.tx, definition.environment, definition.name);
    if (before && !inScope(work.actor, before.environment, before.service)) {
      throw nameTaken(before.name, before.environment);
    }
    if (before && !before.archivedAt) {
      throw before.origin === 'file' ? fromFile(before) : nameTaken(before.name, before.environment);
    }
    await requirePolicy(work.tx, read);
    return saveSlo(work, { definition, source, note, origin: 'ui', file: null, warnings }, before);
  });
}
