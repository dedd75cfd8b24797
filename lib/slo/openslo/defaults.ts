import type { SloDefinition } from '../schemas.ts';

/** What a definition says that says nothing of it. */
export const defaultPolicy = 'default';
export const defaultGapPolicy = 'unknown';
export const defaultMeasuredAt = 'service';

/** So few failures burn no budget that anybody should be woken for; a slice of time is no single failure. */
export const defaultMinFailures = ({ budgeting }: Pick<SloDefinition, 'budgeting'>) =>
  budgeting.method === 'occurrences' ? 5 : 0;

/** What kind of promise an indicator looks like. */
export function likelyCategory({ indicator }: Pick<SloDefinition, 'indicator'>): SloDefinition['category'] {
  if (indicator.kind === 'ratio') {
    const part = indicator.good ?? indicator.bad ?? '';
    return /\ble\s*=|histogram_fraction/.test(part) ? 'latency' : 'availability';
  }
  return /\b(?:up|probe_success)\b/.test(indicator.query) ? 'availability' : 'other';
}

export const annotationPrefix = 'quarterdeck.dev/';
