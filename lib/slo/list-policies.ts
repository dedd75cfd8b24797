import type { Context } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { db } from '#lib/db/index.ts';
import { authorize } from '#lib/facts/index.ts';
import { selectPolicies, selectPolicy } from './policy-store.ts';
import type { Policy } from './schemas.ts';
import * as verbs from './verbs.ts';

/** Every budget policy, by name. */
export async function listPolicies({ ctx }: { ctx: Context }): Promise<{ items: Policy[]; nextCursor: null }> {
  await authorize(ctx, verbs.listPolicies);
  return { items: await selectPolicies(db()), nextCursor: null };
}

/** One budget policy; `policy.unknown` where there is none. */
export async function seePolicy({ ctx, name }: { ctx: Context; name: string }): Promise<Policy> {
  await authorize(ctx, verbs.listPolicies);
  const policy = await selectPolicy(db(), name);
  if (!policy) throw unknownPolicy(name);
  return policy;
}

export const unknownPolicy = (name: string) =>
  new AppError('policy.unknown', `There is no policy ${name}; send version 0 to make it.`);
