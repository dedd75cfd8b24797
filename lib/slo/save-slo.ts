import { personOf } from '#lib/core/actor.ts';
import { AppError } from '#lib/core/errors.ts';
import type { Work } from '#lib/facts/index.ts';
import {
  describeChanges,
  isSameDefinition,
  measuresDifferently,
  percent,
  windowInWords,
} from './definition-diff-rules.ts';
import { beginLedgers } from './ledger-store.ts';
import type { SloDefinition, SloProblem, SloSaved } from './schemas.ts';
import { insertRevision, insertSlo, moveSlo, type StoredSlo, updateSloRow } from './store.ts';

/** What an SLO should be. */
export interface WantedSlo {
  definition: SloDefinition;
  source: string;
  note?: string | null;
  origin: 'file' | 'ui';
  file: string | null;
  warnings?: SloProblem[];
}

type Saving = Pick<Work<unknown>, 'tx' | 'actor' | 'now' | 'record'>;

/** What saving would make of an SLO. In files and imports the meaning counts; who edits one may change its text alone. */
export function outcomeOf(
  before: StoredSlo | null,
  wanted: WantedSlo,
  byText = wanted.origin === 'ui',
): { outcome: 'created' | 'updated' | 'unchanged'; changes: string[] } {
  if (!before) return { outcome: 'created', changes: ['created'] };
  const changes = describeChanges(before.definition, wanted.definition);
  if (before.archivedAt) return { outcome: 'created', changes: ['created again', ...changes] };
  if (before.origin !== wanted.origin) changes.push(`now kept in ${wanted.file ?? 'the console'}`);
  if (changes.length === 0 && byText && before.source !== wanted.source) changes.push('only its text');
  if (changes.length > 0) return { outcome: 'updated', changes };
  const isSame = isSameDefinition(before.definition, wanted.definition);
  return isSame ? { outcome: 'unchanged', changes } : { outcome: 'updated', changes: ['changed'] };
}

/**
 * Keeps a definition as the next revision of an SLO whose row is locked (`before`), or as the first one, with its fact
 * and announcements; nothing where nothing is different. An archived one comes back. The ledger begins anew only where
 * something else is measured. `slo.name_taken` where somebody made the same in this moment.
 */
export async function saveSlo(saving: Saving, wanted: WantedSlo, before: StoredSlo | null): Promise<SloSaved> {
  const { tx, actor, now, record } = saving;
  const { definition, source, origin, file, note = null, warnings = [] } = wanted;
  const { environment, name, service } = definition;
  const { outcome, changes } = outcomeOf(before, wanted);
  const answer = { environment, name, service, outcome, changes, warnings };
  if (before && outcome === 'unchanged') {
    if (file !== null && before.file !== file) await moveSlo(tx, before.id, file);
    record.audit({ kind: 'slo', id: before.id }, { name, outcome }, environment);
    const { revision, ledgerRevision, version } = before;
    return { ...answer, revision, ledgerRevision, version };
  }
  const revision = (before?.revision ?? 0) + 1;
  const ledgerRevision =
    before && !measuresDifferently(before.definition, definition) ? before.ledgerRevision : revision;
  const id = before?.id ?? (await insertSlo(tx, { environment, name, service, origin, file, now }));
  if (!id) throw nameTaken(name, environment);
  if (before) await updateSloRow(tx, { id, service, origin, file, revision, ledgerRevision, archived: false, now });
  await insertRevision(tx, {
    sloId: id,
    revision,
    definition,
    source,
    changes,
    note,
    actor,
    personId: personOf(actor),
    now,
  });
  const promise = `${percent(definition.target)} over ${windowInWords(definition.window)}`;
  const title = outcome === 'created' ? ` created: ${promise}` : `: ${inShort(changes)}`;
  await beginLedgers(tx, [{ id, ledgerRevision }]);
  await told(saving, { id, definition, before, revision, changes, note, title });
  record.audit({ kind: 'slo', id }, { name, outcome, revision, changes, note, origin, file }, environment);
  return { ...answer, revision, ledgerRevision, version: (before?.version ?? 0) + 1 };
}

/** Takes a locked SLO out of use; its revisions and buckets stay, and its name brings it back. */
export async function retireSlo(
  saving: Saving,
  before: StoredSlo,
  { note = null, why }: { note?: string | null; why?: string },
): Promise<SloSaved> {
  const { tx, actor, now, record } = saving;
  const { id, environment, name, service, origin, file, definition, source, ledgerRevision } = before;
  const revision = before.revision + 1;
  const changes = [why ? `removed: ${why}` : 'removed'];
  await updateSloRow(tx, { id, service, origin, file, revision, ledgerRevision, archived: true, now });
  await insertRevision(tx, {
    sloId: id,
    revision,
    definition,
    source,
    changes,
    note,
    actor,
    personId: personOf(actor),
    now,
  });
  await told(saving, { id, definition, before, revision, changes, note, title: ' removed' });
  record.audit({ kind: 'slo', id }, { name, outcome: 'archived', revision, changes, note }, environment);
  const version = before.version + 1;
  return { environment, name, service, outcome: 'archived', revision, ledgerRevision, version, changes, warnings: [] };
}

export function nameTaken(name: string, environment: string): AppError {
  const message = `There is an SLO ${name} in ${environment} already: change that one, or choose another name.`;
  return new AppError('slo.name_taken', message, {
    errors: [{ path: 'metadata.name', code: 'slo.name_taken', message }],
  });
}

interface Told {
  id: string;
  definition: SloDefinition;
  before: StoredSlo | null;
  revision: number;
  changes: string[];
  note: string | null;
  title: string;
}

const longest = 150;

function inShort([first = '', ...others]: string[]): string {
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return `${first.length > longest ? `${first.slice(0, longest)}…` : first}${more}`;
}

/** The change as a fact of its service, so that charts have it, and to every browser. */
async function told({ record, now, actor }: Saving, { id, definition, before, ...told }: Told): Promise<void> {
  const { environment, name, service } = definition;
  const fact = await record.fact({
    environment,
    kind: 'config',
    services: [...new Set([service, ...(before ? [before.service] : [])])],
    startAt: now,
    subject: { kind: 'slo', id },
    title: `SLO ${name}${told.title}`,
    payload: {
      slo: name,
      revision: told.revision,
      changes: told.changes,
      detail: [...told.changes, told.note].filter(Boolean).join('\n'),
    },
    source: actor.kind === 'job' ? 'file' : 'api',
  });
  if (fact) await record.changed('facts', fact);
  await record.changed('slos', id);
}
