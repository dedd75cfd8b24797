import type { BurnTier } from '../schemas.ts';
import type { Path } from './documents.ts';
import type { Part, Reading } from './reading.ts';
import type { AlertPolicySpec } from './shapes.ts';
import { readTier } from './tiers.ts';

/** The alert policies of an SLO as burn-rate tiers; null where it has none of its own. */
export function tiersOf(reading: Reading): BurnTier[] | null {
  const { slo } = reading;
  const policies = slo.value.spec.alertPolicies;
  if (policies === undefined) return null;
  const tiers: BurnTier[] = [];
  for (const [index, given] of policies.entries()) {
    const path: Path = ['spec', 'alertPolicies', index];
    const policy = reading.part('AlertPolicy', {
      ref: given.alertPolicyRef,
      spec: given.spec,
      at: slo,
      refPath: [...path, 'alertPolicyRef'],
      specPath: [...path, 'spec'],
    });
    if (!policy) continue;
    aboutPolicy(reading, policy);
    const at: Path = [...policy.path, 'conditions', 0];
    const inline = policy.value.conditions[0];
    const condition = reading.part('AlertCondition', {
      ref: inline?.conditionRef,
      spec: inline?.spec,
      at: policy.object,
      refPath: [...at, 'conditionRef'],
      specPath: [...at, 'spec'],
    });
    if (!condition) continue;
    const read = readTier(condition.value);
    const fieldPath = (field: string): Path => [...condition.path, 'condition', field];
    if ('message' in read) {
      reading.error(fieldPath(read.field), read.message, condition.object);
      continue;
    }
    for (const { field, message } of read.warnings) reading.warn(fieldPath(field), message, condition.object);
    const twice = tiers.some(
      ({ severity, longMs, shortMs }) =>
        severity === read.tier.severity && longMs === read.tier.longMs && shortMs === read.tier.shortMs,
    );
    if (twice) reading.error(path, 'is the second policy of this severity with these windows; keep one', slo);
    tiers.push(read.tier);
  }
  return tiers;
}

/** What a policy says beside its condition, and what becomes of it. */
function aboutPolicy(reading: Reading, { value, object, path }: Part<AlertPolicySpec>): void {
  if (value.alertWhenBreaching === false) {
    reading.error([...path, 'alertWhenBreaching'], 'must be true: an alert that never fires is none', object);
  }
  if (value.alertWhenNoData === false) {
    const message = 'is not kept: an alert on missing data comes with every SLO';
    reading.warn([...path, 'alertWhenNoData'], message, object);
  }
  if (value.alertWhenResolved !== undefined) {
    const message = 'is not kept: whether an end is told is decided by the receivers of Alertmanager';
    reading.warn([...path, 'alertWhenResolved'], message, object);
  }
  if (value.notificationTargets?.length) {
    const message = 'is not kept: who is told is decided by the routes of Alertmanager';
    reading.warn([...path, 'notificationTargets'], message, object);
  }
}
