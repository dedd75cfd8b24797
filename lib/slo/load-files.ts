import * as z from 'zod';
import type { Actor } from '#lib/core/actor.ts';
import { contextFor } from '#lib/core/context.ts';
import type { Logger } from '#lib/core/log.ts';
import { once } from '#lib/core/registry.ts';
import { db, isUnavailable } from '#lib/db/index.ts';
import { perform } from '#lib/facts/index.ts';
import { refreshAfter } from './refresh-after.ts';
import { outcomeOf, retireSlo, saveSlo, type WantedSlo } from './save-slo.ts';
import type { SloSaved } from './schemas.ts';
import { type FiledSlo, type SloFolder, sloFolder } from './slo-folder.ts';
import { lockSlo, type StoredSlo, selectSlos } from './store.ts';
import * as verbs from './verbs.ts';

export { fileProblems } from './slo-folder.ts';

/** Who changes an SLO when its file does. */
export const fileActor: Actor = { kind: 'job', id: 'slo.load-files', name: 'SLO files' };

/** Files that did not change are held against the database as often, in case that was changed under them. */
const compareAgainMs = 60_000;

/** Loads the configured folder where a file has changed since, or after a minute. */
export async function loadChangedFiles(log: Logger, signal?: AbortSignal): Promise<void> {
  const held = once('slo-files-loaded', () => ({ signature: null as string | null, atMs: 0 }));
  const { folder, signature } = sloFolder();
  if (signature === held.signature && Date.now() - held.atMs < compareAgainMs) return;
  const { changed, failed } = await loadFiles(folder, log, signal);
  if (signal?.aborted) return;
  if (changed.length > 0) log.info({ changed, failed }, 'SLOs were loaded from files');
  if (signature !== held.signature) {
    for (const { file, line, message } of folder.problems) log.warn({ file, line }, `SLO file: ${message}`);
  }
  Object.assign(held, { signature, atMs: Date.now() });
}

/**
 * Makes the SLOs of files what the files say: each one that means something else gets its next revision, one that is in
 * no file any more is archived, one that the console had made is taken over. One that fails stops no other. Safe to run
 * twice at once: each is weighed again under the lock of its row.
 */
export async function loadFiles(
  folder: SloFolder,
  log: Logger,
  signal?: AbortSignal,
): Promise<{ changed: string[]; failed: number }> {
  const stored = await selectSlos(db(), { archived: true });
  const known = new Map(stored.map((slo) => [keyOf(slo), slo]));
  const saved: SloSaved[] = [];
  let failed = 0;
  const attempt = async (name: string, work: () => Promise<SloSaved | null>) => {
    if (signal?.aborted) return;
    try {
      const outcome = await work();
      if (outcome && outcome.outcome !== 'unchanged') saved.push(outcome);
    } catch (error) {
      if (isUnavailable(error)) throw error;
      failed += 1;
      log.error({ err: error, slo: name }, 'an SLO could not be taken over from its file');
    }
  };
  for (const filed of folder.slos) {
    const before = known.get(keyOf(filed.definition)) ?? null;
    if (isLoaded(before, filed)) continue;
    await attempt(filed.definition.name, () => load(filed, !before || before.archivedAt !== null));
  }
  for (const slo of goneFrom(folder, stored)) await attempt(slo.name, () => retire(slo));
  await refreshAfter(saved, new Date());
  return { changed: saved.map(({ name, outcome }) => `${name} ${outcome}`), failed };
}

const keyOf = ({ environment, name }: { environment: string; name: string }) => `${environment}\n${name}`;

const wantedOf = ({ definition, source, file }: FiledSlo): WantedSlo => ({ definition, source, origin: 'file', file });

const isLoaded = (before: StoredSlo | null, filed: FiledSlo) =>
  before !== null && before.file === filed.file && outcomeOf(before, wantedOf(filed)).outcome === 'unchanged';

function load(filed: FiledSlo, isNew: boolean): Promise<SloSaved> {
  const verb = isNew ? verbs.createSlo : verbs.updateSlo;
  return perform(contextFor(fileActor), verb, {}, { schema: z.object({}) }, async (work) => {
    const before = await lockSlo(work.tx, filed.definition.environment, filed.definition.name);
    return saveSlo(work, wantedOf(filed), before);
  });
}

function retire({ environment, name, file }: StoredSlo): Promise<SloSaved | null> {
  return perform(contextFor(fileActor), verbs.archiveSlo, {}, { schema: z.object({}) }, async (work) => {
    const before = await lockSlo(work.tx, environment, name);
    work.record.audit({ kind: 'slo', id: before?.id ?? name }, { name, outcome: 'unchanged' }, environment);
    if (!before || before.archivedAt || before.origin !== 'file' || before.file !== file) return null;
    return retireSlo(work, before, { why: `${file} has it no more` });
  });
}

/** SLOs of files that are in none any more: never because a file, or the folder, could not be read. */
function goneFrom({ slos, broken, complete }: SloFolder, stored: readonly StoredSlo[]): StoredSlo[] {
  if (!complete) return [];
  const present = new Set(slos.map(({ definition }) => keyOf(definition)));
  return stored.filter(
    (slo) => slo.origin === 'file' && !slo.archivedAt && !present.has(keyOf(slo)) && !broken.has(slo.file ?? ''),
  );
}
