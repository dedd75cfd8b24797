import type { Context } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import type { Transaction } from '#lib/db/index.ts';
import { perform, requireScope } from '#lib/facts/index.ts';
import { lockKnownSlo, type SloAddress } from './find-slo.ts';
import { invalidSlo, problemAt, readOneSlo, requirePolicy } from './read-source.ts';
import { refreshAfter } from './refresh-after.ts';
import { saveSlo } from './save-slo.ts';
import { type SloSaved, sloUpdateInput } from './schemas.ts';
import { type StoredSlo, selectRevisions } from './store.ts';
import * as verbs from './verbs.ts';

interface Input {
  ctx: Context;
  address: SloAddress;
  input: unknown;
}

/**
 * Changes an SLO: another definition becomes its next revision. Its name and environment stay, because its address,
 * its alerts and its history hang on them. `slo.stale` says who changed what since `version` was read; `slo.from_file`
 * names the file that it is changed in.
 */
export async function updateSlo({ ctx, address, input }: Input): Promise<SloSaved> {
  const saved = await perform(ctx, verbs.updateSlo, input, { schema: sloUpdateInput }, async (work) => {
    const { source, note, version } = work.input;
    const before = await lockKnownSlo(work.tx, work.actor, address);
    if (before.origin === 'file') throw fromFile(before);
    const read = readOneSlo(source, address.environment);
    const { definition, warnings, line } = read;
    requireScope(work.actor, { environment: definition.environment, services: [definition.service] });
    const moved = (['name', 'environment'] as const).filter((field) => definition[field] !== before[field]);
    if (moved.length > 0) throw invalidSlo(moved.map((field) => mustStay(field, before[field], line)));
    await requirePolicy(work.tx, read);
    if (before.version !== version) throw await staleSlo(work.tx, before, version);
    return saveSlo(work, { definition, source, note, origin: 'ui', file: null, warnings }, before);
  });
  if (saved.outcome === 'updated') await refreshAfter([saved], ctx.clock.now());
  return saved;
}

const paths = { name: 'metadata.name', environment: 'metadata.annotations' };

function mustStay(field: keyof typeof paths, was: string, line: number) {
  return problemAt(line, paths[field], `must stay ${was}: create another SLO and remove this one`, 'slo.identity');
}

/** That an SLO is changed in its file only. */
export function fromFile({ name, file }: StoredSlo): AppError {
  return new AppError('slo.from_file', `${name} lives in ${file}: change it there.`);
}

/** That somebody was faster: who, when, and what they changed. */
export async function staleSlo(tx: Transaction, slo: StoredSlo, seen: number): Promise<AppError> {
  const [last] = await selectRevisions(tx, slo.id, 1);
  const at = `${last?.created_at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const who = last ? `${last.actor_name} changed it at ${at}: ${last.changes.join('; ')}. ` : '';
  return new AppError('slo.stale', `${who}It is version ${slo.version} now, you saw ${seen}.`);
}
