import { type Actor, isSystem } from '#lib/core/actor.ts';
import type { Context } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { perform } from '#lib/facts/index.ts';
import { unknownPolicy } from './list-policies.ts';
import { policyProblems } from './policy-rules.ts';
import { insertPolicy, selectPolicy, updatePolicyRow } from './policy-store.ts';
import { type Policy, policyInput } from './schemas.ts';
import * as verbs from './verbs.ts';

/**
 * Changes a budget policy, or makes one with version 0. `request.invalid` names every step that leaves a budget without
 * one; `policy.stale` where somebody was faster.
 */
export async function changePolicy({
  ctx,
  name,
  input,
}: {
  ctx: Context;
  name: string;
  input: unknown;
}): Promise<Policy> {
  return perform(ctx, verbs.changePolicy, input, { schema: policyInput }, async ({ tx, actor, input, now, record }) => {
    requireAll(actor);
    const { title, steps, version } = input;
    const errors = policyProblems(steps);
    const [first] = errors;
    if (first) throw new AppError('request.invalid', `${first.path}: ${first.message}`, { errors });
    const before = await selectPolicy(tx, name);
    if (!before && version !== 0) throw unknownPolicy(name);
    const wanted = { name, title, steps, now };
    const after = version === 0 ? await insertPolicy(tx, wanted) : await updatePolicyRow(tx, version, wanted);
    if (!after) throw stalePolicy((await selectPolicy(tx, name)) ?? before, name, version);
    record.audit(
      { kind: 'policy', id: name },
      { before: before && { title: before.title, steps: before.steps }, title, steps },
    );
    await record.changed('policies', name);
    await record.changed('slos', 'policies');
    return after;
  });
}

/** A policy holds wherever an SLO names it: a token that reaches only some of that may not change it. */
function requireAll(actor: Actor): void {
  if (isSystem(actor) || !('scope' in actor)) return;
  const { services, environments } = actor.scope;
  if (services === 'all' && environments === 'all') return;
  throw new AppError('auth.scope_too_narrow', 'A policy holds for every service; this token reaches only some.');
}

function stalePolicy(now: Policy | null, name: string, seen: number): AppError {
  const at = now ? `${now.updatedAt.slice(0, 16).replace('T', ' ')} UTC` : 'this moment';
  const what = seen === 0 ? `There is a policy ${name} already` : `${name} was changed at ${at}`;
  return new AppError('policy.stale', `${what}: it is version ${now?.version ?? 1} now, you sent ${seen}.`);
}
