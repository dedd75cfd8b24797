import type { Actor } from '#lib/core/actor.ts';
import { type Context, requireActor } from '#lib/core/context.ts';
import type { Verb } from '#lib/core/define-verb.ts';
import { AppError } from '#lib/core/errors.ts';
import { db, type Transaction } from '#lib/db/index.ts';
import { auditRefusal, requireScope } from '#lib/facts/index.ts';
import { lockSlo, type StoredSlo, selectSlos } from './store.ts';

/** What an address names. */
export interface SloAddress {
  environment: string;
  name: string;
}

/**
 * The SLO at an address, for reading; archived ones too where asked for. `slo.unknown` where there is none,
 * `auth.scope_too_narrow` (audited) where a token does not reach its service.
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
    if (!slo) throw unknownSlo({ environment, name });
    requireScope(actor, { environment, services: [slo.service] });
    return slo;
  } catch (error) {
    if (error instanceof AppError && error.status === 403) await auditRefusal(ctx, actor, verb, error);
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
  if (!slo || slo.archivedAt) throw unknownSlo({ environment, name });
  requireScope(actor, { environment, services: [slo.service] });
  return slo;
}

const unknownSlo = ({ environment, name }: SloAddress) =>
  new AppError('slo.unknown', `There is no SLO ${name} in ${environment}.`);
