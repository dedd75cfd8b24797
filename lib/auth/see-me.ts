import type { Context } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { db } from '#lib/db/index.ts';
import { authorize } from '#lib/facts/index.ts';
import type { Me } from './schemas.ts';
import { selectPerson } from './store.ts';
import * as verbs from './verbs.ts';

/** Who asks, with the role and scope in force now. */
export async function seeMe({ ctx }: { ctx: Context }): Promise<Me> {
  const actor = await authorize(ctx, verbs.seeMe);
  if (actor.kind !== 'person' && actor.kind !== 'token') {
    throw new AppError('auth.unauthenticated', 'Sign in, or send a bearer token.');
  }
  const { kind, id, name, role, scope } = actor;
  const person = actor.kind === 'person' ? await selectPerson(db(), id) : null;
  return { kind, id, name, email: person?.email ?? null, role, scope };
}
