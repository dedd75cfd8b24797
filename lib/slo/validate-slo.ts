import { config } from '#lib/core/config.ts';
import type { Context } from '#lib/core/context.ts';
import { parseInput } from '#lib/core/errors.ts';
import { db } from '#lib/db/index.ts';
import { authorize, weighScope } from '#lib/facts/index.ts';
import { budgetShare, isReachable, tiersOf } from './burn-rules.ts';
import { checkSource } from './check-source.ts';
import { readOpenSlo } from './openslo/index.ts';
import { selectPolicies } from './policy-store.ts';
import { policyProblem } from './read-source.ts';
import { type SloDefinition, type SloValidation, sloValidateInput } from './schemas.ts';
import { selectSlo } from './store.ts';
import { problemAt, tierProblems } from './tier-problems.ts';
import { previewSlo } from './verbs.ts';

/**
 * What is wrong with the text of one SLO and what it would mean, without saving it. Nothing is refused: whatever the
 * text, the answer holds its problems.
 */
export async function validateSlo({
  ctx,
  environment = config().QD_DEFAULT_ENVIRONMENT,
  input,
}: {
  ctx: Context;
  /** Of text that names none. */
  environment?: string;
  input: unknown;
}): Promise<SloValidation> {
  await authorize(ctx, previewSlo);
  const { source, name } = parseInput(sloValidateInput, input ?? {});
  const { slos, problems } = readOpenSlo(source, { defaultEnvironment: environment });
  for (const { definition } of slos) {
    await weighScope(ctx, previewSlo, { environment: definition.environment, services: [definition.service] });
  }
  const [slo, second] = slos;
  if (second) {
    problems.push(
      problemAt(second.places, 'slo', 'error', 'slo.several', 'There is more than one SLO: import them, or give one.'),
    );
  }
  if (!slo || problems.some(({ level }) => level === 'error'))
    return { problems, definition: null, tiers: [], found: null };
  const { definition, places } = slo;
  problems.push(...tierProblems(definition, places));
  const taken = await nameProblem(definition, name);
  if (taken) problems.push(problemAt(places, 'slo', 'error', taken.code, taken.message));
  const unknownPolicy = policyProblem(
    slo,
    (await selectPolicies(db())).map((policy) => policy.name),
  );
  if (unknownPolicy) problems.push(unknownPolicy);
  const { problems: more, found } = await checkSource(definition, {
    places,
    ...(ctx.signal && { signal: ctx.signal }),
  });
  problems.push(...more);
  const isWrong = problems.some(({ level }) => level === 'error');
  return { problems, definition: isWrong ? null : definition, tiers: meaningOf(definition), found };
}

/** The tiers of a definition with what they stand for. */
export const meaningOf = (definition: SloDefinition): SloValidation['tiers'] =>
  tiersOf(definition).map((tier) => ({
    ...tier,
    budgetShare: budgetShare(tier, definition.window),
    reachable: isReachable(tier, definition.target),
  }));

async function nameProblem({ environment, name }: SloDefinition, edited: string | undefined) {
  if (edited === name) return null;
  if (edited !== undefined) {
    return {
      code: 'slo.renamed',
      message: `must stay ${edited}: its ledger hangs on it. Create another SLO for another name.`,
    };
  }
  const existing = await selectSlo(db(), environment, name);
  const message = `is the name of another SLO in ${environment}`;
  return existing ? { code: 'slo.name_taken', message } : null;
}
