import type { Analysis, ComparedAttribute } from '#lib/traces/schemas.ts';

const n = (count: number) => count.toLocaleString('en');

/** Both sides with their sample sizes: `33 traces against the other 607`, `1,000 of the selection against 500 of the rest`. */
export function sidesWords({ selection, baseline }: Pick<Analysis, 'selection' | 'baseline'>): string {
  const selected = selection.truncated
    ? `${n(selection.traces)} of the selection`
    : `${n(selection.traces)} ${selection.traces === 1 ? 'trace' : 'traces'}`;
  return `${selected} against ${baseline.truncated ? `${n(baseline.traces)} of the rest` : `the other ${n(baseline.traces)}`}`;
}

/** Where the attribute stands: its scope and whose spans it is on, in words. */
export function placeWords(
  { scope, service }: Pick<ComparedAttribute, 'scope' | 'service'>,
  searched: string | null,
): string {
  if (scope === 'trace') return 'of the trace';
  const whose = service && service !== searched ? ` of ${service}` : '';
  return scope === 'resource' ? `resource${whose}` : whose.trim();
}

/** The difference in percentage points: `67 pts`. */
export function pointsWords(selectionRatio: number, baselineRatio: number): string {
  const points = Math.round((selectionRatio - baselineRatio) * 100);
  return `${points < 0 ? '−' : ''}${Math.abs(points)} ${Math.abs(points) === 1 ? 'pt' : 'pts'}`;
}

const reasons = {
  identifier: ['an identifier', 'identifiers'],
  nearly_unique: ['different in nearly every trace', 'different in nearly every trace'],
  too_few: ['in too few traces', 'in too few traces'],
} as const;

/** Attributes that were not compared, by the reason: `identifiers: order.id, user.id`. */
export function leftOutWords(leftOut: Analysis['leftOut']): string[] {
  return (Object.keys(reasons) as (keyof typeof reasons)[]).flatMap((reason) => {
    const keys = leftOut.filter((one) => one.reason === reason).map(({ key }) => key);
    if (keys.length === 0) return [];
    return `${reasons[reason][keys.length === 1 ? 0 : 1]}: ${[...new Set(keys)].join(', ')}`;
  });
}
