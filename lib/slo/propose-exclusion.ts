import { type Actor, personOf } from '#lib/core/actor.ts';
import type { Context } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { perform, type Work } from '#lib/facts/index.ts';
import { withFigures } from './exclusion-figures.ts';
import { exclusionProblems } from './exclusion-rules.ts';
import { type ExclusionRow, insertExclusion, selectExclusions, selectOverlapping } from './exclusion-store.ts';
import { selectLedgerStates } from './figure-store.ts';
import { lockKnownSlo, type SloAddress } from './find-slo.ts';
import { keepBucketsMs } from './ledger-store.ts';
import { type Exclusion, exclusionInput } from './schemas.ts';
import type { StoredSlo } from './store.ts';
import * as verbs from './verbs.ts';

interface Input {
  ctx: Context;
  address: SloAddress;
  input: unknown;
}

/**
 * Proposes that a stretch of time should not count for an SLO. It changes no figure until somebody else approves it.
 * `request.invalid` names what keeps it from being one; `slo.exclusion_overlaps` where an approved one covers some.
 */
export async function proposeExclusion({ ctx, address, input }: Input): Promise<Exclusion> {
  return perform(ctx, verbs.proposeExclusion, input, { schema: exclusionInput }, async (work) => {
    const { tx, actor, now, record } = work;
    const { kind, from, to, reason, announcedAt, announcement } = work.input;
    const slo = await lockKnownSlo(tx, actor, address);
    const ledger = (await selectLedgerStates(tx, [slo.id])).get(slo.id);
    const [startAt, endAt] = [new Date(from), new Date(to)];
    const announced = announcedAt === undefined ? null : new Date(announcedAt);
    const errors = exclusionProblems({
      kind,
      fromMs: startAt.getTime(),
      toMs: endAt.getTime(),
      announcedAtMs: announced?.getTime() ?? null,
      nowMs: now.getTime(),
      ledgerFromMs: ledger?.ledgerFromMs ?? null,
      keptMs: keepBucketsMs,
    });
    const [first] = errors;
    if (first) throw new AppError('request.invalid', `${first.path}: ${first.message}`, { errors });
    await refuseOverlap(work, { sloId: slo.id, startAt, endAt });
    const by = whoOf(actor);
    const row = await insertExclusion(tx, {
      sloId: slo.id,
      kind,
      startAt,
      endAt,
      reason,
      announcedAt: announced,
      announcement: announcement ?? null,
      proposedById: by.id,
      proposedByName: by.name,
      proposedAt: now,
    });
    record.audit({ kind: 'exclusion', id: row.id }, { slo: slo.name, kind, from, to, reason }, slo.environment);
    return toldOf(work, slo, row, 'note', 'proposed');
  });
}

/** The person behind an actor, by the name that it acts under. */
export const whoOf = (actor: Actor) => ({ id: personOf(actor) ?? actor.id, name: actor.name });

/** Throws `slo.exclusion_overlaps` where an approved exclusion shares time with this one. */
export async function refuseOverlap(
  { tx }: Pick<Work<unknown>, 'tx'>,
  interval: Pick<ExclusionRow, 'sloId' | 'startAt' | 'endAt'>,
): Promise<void> {
  const other = await selectOverlapping(tx, interval);
  if (!other) return;
  throw new AppError('slo.exclusion_overlaps', `${inWords(other)} is excluded already (${other.reason}).`);
}

/** Writes what became of an exclusion as a fact of the SLO's service and returns it with its figures. */
export async function toldOf(
  { tx, now, record }: Pick<Work<unknown>, 'tx' | 'now' | 'record'>,
  slo: StoredSlo,
  row: ExclusionRow,
  kind: 'note' | 'config',
  what: string,
): Promise<Exclusion> {
  const fact = await record.fact({
    environment: slo.environment,
    kind,
    services: [slo.service],
    startAt: now,
    subject: { kind: 'slo', id: slo.id },
    title: `SLO ${slo.name}: exclusion of ${inWords(row)} ${what}`,
    payload: {
      slo: slo.name,
      exclusion: row.id,
      state: row.state,
      from: row.startAt.toISOString(),
      to: row.endAt.toISOString(),
      detail: [row.reason, row.decisionNote].filter(Boolean).join('\n'),
    },
    source: 'api',
  });
  if (fact) await record.changed('facts', fact);
  await record.changed('slos', slo.id);
  const approved = (await selectExclusions(tx, slo.id)).filter(({ state }) => state === 'approved');
  const [exclusion] = await withFigures(slo, [row], approved, tx);
  if (!exclusion) throw new Error('an exclusion was lost on the way');
  return exclusion;
}

const minute = (at: Date) => at.toISOString().slice(0, 16).replace('T', ' ');

/** “2026-11-21 10:00 to 11:30 UTC”. */
function inWords({ startAt, endAt }: Pick<ExclusionRow, 'startAt' | 'endAt'>): string {
  const [from, to] = [minute(startAt), minute(endAt)];
  return `${from} to ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to} UTC`;
}
