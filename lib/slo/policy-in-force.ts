import { db, notify, type Transaction } from '#lib/db/index.ts';
import { appendFact } from '#lib/facts/index.ts';
import { selectLedgerStates } from './figure-store.ts';
import { byWorstStep, stepFor } from './policy-rules.ts';
import { selectPolicies, selectPolicy } from './policy-store.ts';
import { type PolicyStep, windowFigures } from './schemas.ts';
import { type StoredSlo, selectSlos } from './store.ts';

/** What the budget policy says of one SLO. */
export interface PolicyInForce {
  /** Its name. */
  slo: string;
  displayName: string;
  policy: string;
  /** null: not known, `reason` says why; a guard counts that as a warning. */
  step: PolicyStep | null;
  /** Raw: exclusions do not loosen a policy. */
  budgetLeft: number | null;
  /** End of the last bucket that it rests on. */
  asOf: string | null;
  reason: string | null;
}

/** The part of the stored figures that a policy reads. */
const storedFigures = windowFigures.pick({ budgetLeft: true, until: true });

/**
 * The policy step in force for every SLO of a service, worst first: what guards of operations read. An SLO whose
 * figures or policy are not there has `step: null` and a reason.
 */
export async function policyInForce(target: { environment: string; service: string }): Promise<PolicyInForce[]> {
  const slos = await selectSlos(db(), target);
  const [states, policies] = await Promise.all([
    selectLedgerStates(
      db(),
      slos.map(({ id }) => id),
    ),
    selectPolicies(db(), [...new Set(slos.map(({ definition }) => definition.policy))]),
  ]);
  const inForce = slos.map(({ id, name, definition }): PolicyInForce => {
    const policy = policies.find((one) => one.name === definition.policy);
    const stored = storedFigures.safeParse(states.get(id)?.figures);
    const { budgetLeft, until: asOf } = stored.success ? stored.data : { budgetLeft: null, until: null };
    const step = policy ? stepFor(policy.steps, budgetLeft) : null;
    const reason = step
      ? null
      : !policy
        ? `There is no policy ${definition.policy}.`
        : asOf === null
          ? 'Nothing has been counted for it yet.'
          : 'There were no events in its window, so nothing says how much budget is left.';
    return {
      slo: name,
      displayName: definition.displayName ?? name,
      policy: definition.policy,
      step,
      budgetLeft,
      asOf,
      reason,
    };
  });
  return inForce.sort(byWorstStep);
}

/**
 * Records that another step of its policy is in force for an SLO, as a fact; nothing where it is the same step or one
 * of both is unknown. `before` and `after` are what was and is left of the budget, raw. Going to and fro over an edge
 * is recorded once an hour for each step. Returns the fact's id.
 */
export async function recordPolicyCrossing(
  tx: Transaction,
  slo: StoredSlo,
  before: number | null,
  after: number | null,
  now: Date = new Date(),
): Promise<string | null> {
  if (before === null || after === null) return null;
  const policy = await selectPolicy(tx, slo.definition.policy);
  const [was, is] = [stepFor(policy?.steps ?? [], before), stepFor(policy?.steps ?? [], after)];
  if (!policy || !was || !is || was.name === is.name) return null;
  const left = after > 0 ? `${(after * 100).toFixed(1)} % left` : after < 0 ? 'budget overspent' : 'nothing left';
  const id = await appendFact(tx, {
    environment: slo.environment,
    kind: 'note',
    services: [slo.service],
    startAt: now,
    actor: { kind: 'job', id: 'slo.policy', name: 'Budget policy' },
    subject: { kind: 'slo', id: slo.id },
    title: `${slo.definition.displayName ?? slo.name}: policy is now “${is.name}” (${left})`,
    payload: {
      slo: slo.name,
      policy: policy.name,
      step: is.name,
      before: was.name,
      budgetLeft: after,
      effect: is.effect,
      detail: is.message,
      tell: is.tell,
    },
    source: 'slo',
    idempotencyKey: `policy:${slo.id}:${policy.version}:${is.name}:${now.toISOString().slice(0, 13)}`,
  });
  if (id) await notify(tx, { topic: 'slos', id: slo.id, audience: 'everyone' });
  return id;
}
