import type { FoundTrace } from '#lib/traces/schemas.ts';

const middle = (traces: readonly FoundTrace[]): FoundTrace | undefined =>
  [...traces].sort((a, b) => a.match.durationMs - b.match.durationMs)[Math.floor((traces.length - 1) / 2)];

/**
 * One trace of the selection and one of the rest that are worth holding against each other: the middle ones by duration
 * of the operation that the selection has most of. null where a side has none of it.
 */
export function typicalPair(
  selected: readonly FoundTrace[],
  rest: readonly FoundTrace[],
): { selected: FoundTrace; rest: FoundTrace } | null {
  const nameOf = ({ match }: FoundTrace) => `${match.service}\n${match.name}`;
  const groups = [...Map.groupBy(selected, nameOf)].sort(([, a], [, b]) => b.length - a.length);
  for (const [name, traces] of groups) {
    const others = rest.filter((trace) => nameOf(trace) === name);
    const calm = others.filter(({ match }) => match.status !== 'error');
    const [one, other] = [middle(traces), middle(calm.length > 0 ? calm : others)];
    if (one && other) return { selected: one, rest: other };
  }
  return null;
}
