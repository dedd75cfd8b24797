import { parsePromql } from '#lib/adapters/prometheus/index.ts';
import { AppError } from '#lib/core/errors.ts';
import { recordedWindows, tiersOf, windowName } from '../burn-rules.ts';
import type { StoredSlo } from '../store.ts';
import type { Rule } from './model.ts';

/** What keeps an SLO's rules out of the file, as a sentence; null where nothing does. */
export function objectionTo(slo: StoredSlo, rules: readonly Rule[]): string | null {
  for (const [what, value] of Object.entries({ service: slo.service, environment: slo.environment })) {
    if (value === '') return `Its ${what} is empty.`;
  }
  for (const { longMs, shortMs } of tiersOf(slo.definition)) {
    if (shortMs < longMs) continue;
    return `The short window of a tier, ${windowName(shortMs)}, must be shorter than its long one, ${windowName(longMs)}.`;
  }
  const names = recordedWindows(slo.definition).map(windowName);
  if (new Set(names).size < names.length) return 'Two windows of its tiers differ by less than a second.';
  for (const rule of rules) {
    const name = 'alert' in rule ? rule.alert : rule.record;
    try {
      parsePromql(rule.expr);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return `${name}: ${error.detail}`;
    }
  }
  return null;
}
