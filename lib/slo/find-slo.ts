import type { Actor } from '#lib/core/actor.ts';
import { type Context, requireActor } from '#lib/core/context.ts';
import type { Verb } from '#lib/core/define-verb.ts';
import { AppError } from '#lib/core/errors.ts';
import { db, type Transaction } from '#lib/db/index.ts';
import { auditRefusal, refusalOf, requireScope } from '#lib/facts/index.ts';
import { lockSlo, type StoredSlo, selectSlos } from './store.ts';

/** What an address names. */
export interface SloAddress {
  environment: string;
  name: string;
}

/**
 * The SLO at an address, for reading; archived ones too where asked for. `slo.unknown` where there is none, and just so
 * (but audited) where a token does not reach its service; `auth.scope_too_narrow` for an environment beyond it.
 */
export async function findSlo(
  ctx: Context,
  verb: Verb,
  { environment, name }: SloAddress,
  { archived = false }: { archived?: boolean } = {},
): Promise<StoredSlo> {
  const actor = requireActor(ctx);
  try {
    requireScope(actor, { environment, services: [] });
    const [slo] = await selectSlos(db(), { environment, name, archived });
    return reached(actor, slo, { environment, name });
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal) await auditRefusal(ctx, actor, verb, refusal);
    throw error;
  }
}

/** The SLO at an address with its row locked, for changing; the same refusals, which `perform` audits. */
export async function lockKnownSlo(
  tx: Transaction,
  actor: Actor,
  { environment, name }: SloAddress,
): Promise<StoredSlo> {
  requireScope(actor, { environment, services: [] });
  const slo = await lockSlo(tx, environment, name);
  return reached(actor, slo?.archivedAt ? null : slo, { environment, name });
}

/** What one may not see answers as what is not there, and names what it was refused for to the audit alone. */
function reached(actor: Actor, slo: StoredSlo | null | undefined, { environment, name }: SloAddress): StoredSlo {
  const unknown = `There is no SLO ${name} in ${environment}.`;
  if (!slo) throw new AppError('slo.unknown', unknown);
  try {
    requireScope(actor, { environment, services: [slo.service] });
  } catch (cause) {
    throw new AppError('slo.unknown', unknown, { cause });
  }
  return slo;
}
