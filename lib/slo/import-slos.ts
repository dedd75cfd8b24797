import { inScope } from '#lib/core/actor.ts';
import type { Context } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { perform, requireScope, type Work } from '#lib/facts/index.ts';
import type { ReadSlo } from './openslo/index.ts';
import { invalidSlo, policyNames, policyProblem, readSlos } from './read-source.ts';
import { refreshAfter } from './refresh-after.ts';
import { nameTaken, outcomeOf, saveSlo, type WantedSlo } from './save-slo.ts';
import { type SloImportAnswer, sloImportInput } from './schemas.ts';
import { lockSlos, type StoredSlo } from './store.ts';
import { fromFile } from './update-slo.ts';
import * as verbs from './verbs.ts';

type Item = SloImportAnswer['items'][number];

interface Input {
  ctx: Context;
  /** Of documents that name none. */
  environment: string;
  input: unknown;
}

/**
 * Creates and changes SLOs from any number of OpenSLO documents. What is right is kept, all of it or none; what is not
 * is refused with its line and the reason, beside it. With `dryRun` it only says what would become of each.
 * `slo.invalid` where nothing of it can be read.
 */
export async function importSlos({ ctx, environment, input }: Input): Promise<SloImportAnswer> {
  const answer = await perform(ctx, verbs.importSlos, input, { schema: sloImportInput }, async (work) => {
    const { source, dryRun } = work.input;
    const { slos, problems } = readSlos(source, environment);
    const errors = problems.filter(({ level }) => level === 'error');
    if (!dryRun && slos.length === 0 && errors.length > 0) throw invalidSlo(errors);
    const items: Item[] = [];
    const policies = await policyNames(work.tx);
    const known = new Map((await lockSlos(work.tx, slos.map(addressOf))).map((slo) => [keyOf(slo), slo]));
    // One announcement for all of them, below; always in one order, so that two at once do not wait for each other.
    const quiet = { ...work, record: { ...work.record, changed: async () => {}, audit: () => {} } };
    for (const read of slos.toSorted(byName)) {
      items.push(await importOne(quiet, read, { before: known.get(keyOf(read.definition)) ?? null, policies, dryRun }));
    }
    if (!dryRun) for (const topic of ['facts', 'slos']) await work.record.changed(topic, 'import');
    items.sort((a, b) => a.line - b.line);
    const outcomes = items.map(({ name, outcome }) => `${name} ${outcome}`);
    work.record.audit({ kind: 'slo', id: 'import' }, { dryRun, outcomes, problems: errors.length }, environment);
    return { problems, items, dryRun };
  });
  const { dryRun, ...imported } = answer;
  const updated = imported.items.filter(({ outcome }) => outcome === 'updated');
  if (!dryRun && !ctx.idempotency?.replayed) await refreshAfter(updated, ctx.clock.now());
  return imported;
}

async function importOne(
  work: Pick<Work<unknown>, 'tx' | 'actor' | 'now' | 'record'>,
  read: ReadSlo,
  { before, policies, dryRun }: { before: StoredSlo | null; policies: readonly string[]; dryRun: boolean },
): Promise<Item> {
  const { definition, source, line } = read;
  const { environment, name, service } = definition;
  const item = { environment, name, line, changes: [] };
  const refused = (reason: string): Item => ({ ...item, outcome: 'refused', reason });
  const problem = policyProblem(read, policies);
  if (problem) return refused(problem.message);
  try {
    requireScope(work.actor, { environment, services: [service] });
    if (before && !inScope(work.actor, environment, before.service))
      return refused(nameTaken(name, environment).detail);
    const isFiled = before?.origin === 'file' && !before.archivedAt;
    const wanted: WantedSlo = { definition, source, origin: isFiled ? 'file' : 'ui', file: before?.file ?? null };
    const { outcome, changes } = outcomeOf(before, wanted, false);
    if (isFiled && outcome !== 'unchanged') return refused(fromFile(before).detail);
    if (!dryRun && outcome !== 'unchanged') await saveSlo(work, { ...wanted, file: null }, before);
    return { ...item, outcome, changes, reason: null };
  } catch (error) {
    if (error instanceof AppError && error.code === 'auth.scope_too_narrow') return refused(error.detail);
    throw error;
  }
}

const addressOf = ({ definition: { environment, name } }: ReadSlo) => ({ environment, name });
const keyOf = ({ environment, name }: Pick<StoredSlo, 'environment' | 'name'>) => `${environment}\n${name}`;

const byName = ({ definition: a }: ReadSlo, { definition: b }: ReadSlo) => (keyOf(a) < keyOf(b) ? -1 : 1);
