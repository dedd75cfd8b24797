import { newId } from '#lib/core/ids.ts';
import { db } from '#lib/db/index.ts';
import { beginLedgers } from '../../ledger-store.ts';
import type { SloDefinition } from '../../schemas.ts';
import { type StoredSlo, selectSlo } from '../../store.ts';
import { aDefinition } from '../../testing/definitions.ts';

/** An SLO whose ledger has not begun. */
export async function insertSlo(more: Partial<SloDefinition>): Promise<StoredSlo> {
  const definition = aDefinition(more);
  const { environment, name, service } = definition;
  const id = newId();
  await db().slo.create({ data: { id, environment, name, service, origin: 'ui', revision: 0, ledgerRevision: 0 } });
  await insertMeaning(id, 1, definition);
  return (await selectSlo(db(), environment, name)) as StoredSlo;
}

/** Lets an SLO measure something else from now on. */
export async function insertMeaning(sloId: string, revision: number, definition: SloDefinition): Promise<void> {
  await db().sloRevision.create({
    data: {
      sloId,
      revision,
      definition,
      source: '',
      changes: [],
      actorKind: 'person',
      actorId: 'dana',
      actorName: 'Dana',
    },
  });
  await db().slo.update({ where: { id: sloId }, data: { revision, ledgerRevision: revision } });
  await beginLedgers(db(), [{ id: sloId, ledgerRevision: revision }]);
}
