import { roleAtLeast } from '#lib/core/actor.ts';
import type { Context } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import type { Transaction } from '#lib/db/index.ts';
import { perform } from '#lib/facts/index.ts';
import { decideExclusionRow, type ExclusionRow, selectAuthor, selectExclusion } from './exclusion-store.ts';
import { lockKnownSlo, type SloAddress } from './find-slo.ts';
import { refuseOverlap, toldOf, whoOf } from './propose-exclusion.ts';
import { refreshAfter } from './refresh-after.ts';
import { type Exclusion, exclusionDecision } from './schemas.ts';
import type { StoredSlo } from './store.ts';
import * as verbs from './verbs.ts';

interface Input {
  ctx: Context;
  address: SloAddress;
  id: string;
  input: unknown;
}

/**
 * Approves or rejects an exclusion that is proposed. `slo.own_exclusion` for who proposed it or wrote what the SLO says
 * now; `slo.exclusion_decided` says who was faster.
 */
export async function decideExclusion({
  ctx,
  address,
  id,
  input,
  decision,
}: Input & { decision: 'approved' | 'rejected' }): Promise<Exclusion> {
  const decided = await perform(ctx, verbs.decideExclusion, input, { schema: exclusionDecision }, async (work) => {
    const { tx, actor, now, record } = work;
    const { version, note = null } = work.input;
    const slo = await lockKnownSlo(tx, actor, address);
    const before = await knownExclusion(tx, slo, id);
    const by = whoOf(actor);
    if (before.proposedById === by.id) {
      throw new AppError('slo.own_exclusion', 'You proposed it: somebody else must decide it.');
    }
    if ((await selectAuthor(tx, slo.id, slo.revision)) === by.id) {
      throw new AppError('slo.own_exclusion', `You wrote what ${slo.name} says now: somebody else must decide this.`);
    }
    if (before.state !== 'proposed') throw decidedAlready(before);
    if (decision === 'approved') await refuseOverlap(work, before);
    const after = await decideExclusionRow(tx, { id, from: 'proposed', to: decision, version, by, at: now, note });
    if (!after) throw staleExclusion(before, version);
    record.audit({ kind: 'exclusion', id }, { slo: slo.name, decision, note }, slo.environment);
    return toldOf(work, slo, after, decision === 'approved' ? 'config' : 'note', decision);
  });
  if (decision === 'approved') await refreshAfter([address], ctx.clock.now());
  return decided;
}

/**
 * Takes an exclusion back: a proposed one by who proposed it or a commander, an approved one by a commander with a
 * note. It stays on the list.
 */
export async function withdrawExclusion({ ctx, address, id, input }: Input): Promise<Exclusion> {
  const withdrawn = await perform(ctx, verbs.withdrawExclusion, input, { schema: exclusionDecision }, async (work) => {
    const { tx, actor, now, record } = work;
    const { version, note = null } = work.input;
    const slo = await lockKnownSlo(tx, actor, address);
    const before = await knownExclusion(tx, slo, id);
    const by = whoOf(actor);
    const commands = 'role' in actor && roleAtLeast(actor.role, 'commander');
    if (before.state !== 'proposed' && before.state !== 'approved') throw decidedAlready(before);
    if (!commands && (before.state === 'approved' || before.proposedById !== by.id)) {
      const who = before.state === 'approved' ? 'An approved exclusion' : 'What somebody else proposed';
      throw new AppError('auth.role_too_low', `${who} is withdrawn by a commander.`);
    }
    if (before.state === 'approved' && !note) {
      const message = 'must say why: this exclusion was approved';
      throw new AppError('request.invalid', `note: ${message}`, {
        errors: [{ path: 'note', code: 'required', message }],
      });
    }
    const from = before.state;
    const after = await decideExclusionRow(tx, { id, from, to: 'withdrawn', version, by, at: now, note });
    if (!after) throw staleExclusion(before, version);
    record.audit({ kind: 'exclusion', id }, { slo: slo.name, decision: 'withdrawn', from, note }, slo.environment);
    return toldOf(work, slo, after, from === 'approved' ? 'config' : 'note', 'withdrawn');
  });
  await refreshAfter([address], ctx.clock.now());
  return withdrawn;
}

async function knownExclusion(tx: Transaction, slo: StoredSlo, id: string): Promise<ExclusionRow> {
  const row = await selectExclusion(tx, slo.id, id);
  if (!row) throw new AppError('slo.exclusion_unknown', `${slo.name} has no such exclusion.`);
  return row;
}

function decidedAlready({ state, decidedByName, decidedAt, decisionNote }: ExclusionRow): AppError {
  const at = decidedAt ? ` at ${decidedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC` : '';
  const verb = state === 'withdrawn' ? 'withdrew it' : `${state} it`;
  const note = decisionNote ? `: ${decisionNote}` : '';
  return new AppError('slo.exclusion_decided', `${decidedByName ?? 'Somebody'} ${verb}${at}${note}.`);
}

const staleExclusion = ({ version }: ExclusionRow, seen: number) =>
  new AppError('slo.stale', `The exclusion is version ${version} now, you saw ${seen}.`);
