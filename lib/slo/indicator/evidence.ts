import type { Matcher } from '#lib/adapters/prometheus/index.ts';
import type { CounterSelector, CounterTerm } from '../counter-query.ts';

const family = (metric: string) => metric.replace(/_(?:bucket|count|sum)$/, '');
const same = (a: Matcher, b: Matcher) => a[0] === b[0] && a[1] === b[1] && a[2] === b[2];
const notEmpty = (label: string): Matcher => [label, '!=', ''];

/**
 * Selectors of which one must find series for the part of a total to count as 0 while it has none: the total's own
 * series that carry the labels by which the part is told apart. A renamed label then leaves the part unknown instead of
 * 0. Where the part is another metric than the total, its own series with those labels are looked for, and only labels
 * matched by more than one value are left open. `[]`: nothing can vouch for it, or nothing needs to.
 */
export function evidenceFor(part: CounterSelector, total: readonly CounterTerm[]): CounterSelector[] {
  const wholes = total.filter(({ sign }) => sign === 1).flatMap(({ selectors }): CounterSelector[] => selectors);
  const alike = wholes.filter(({ metric }) => family(metric) === family(part.metric));
  if (alike.length === 0) return evidenceOfItself(part, wholes);
  return alike.flatMap(({ matchers }) => {
    const telling = part.matchers.filter(
      (matcher) => matcher[0] !== 'le' && !matchers.some((other) => same(matcher, other)),
    );
    if (telling.length === 0) return [];
    const labels = [...new Set(telling.map(([label]) => label))];
    return [
      {
        metric: part.metric,
        matchers: [
          ...matchers.filter(([label]) => label !== 'le'),
          ...part.matchers.filter(([label]) => label === 'le'),
          ...labels.map(notEmpty),
        ],
      },
    ];
  });
}

/** Whether series that do not have a matcher's label at all are selected by it. */
function takesAbsent([, operator, value]: Matcher): boolean {
  if (operator === '=') return value === '';
  if (operator === '!=') return value !== '';
  try {
    return new RegExp(`^(?:${value})$`).test('') === (operator === '=~');
  } catch {
    return true;
  }
}

/**
 * Whether a part would take all of the total for its own once its label is renamed, as `code!~"5.."` does. Where that
 * would make everything good, it must be vouched for even while it finds series. A matcher `=""` says by itself that
 * the label may be absent.
 */
export function takesRenamed(part: CounterSelector, total: readonly CounterTerm[]): boolean {
  const wholes = total.flatMap(({ selectors }): CounterSelector[] => selectors);
  return part.matchers.some(
    (matcher) =>
      matcher[0] !== 'le' &&
      !(matcher[1] === '=' && matcher[2] === '') &&
      takesAbsent(matcher) &&
      !wholes.some(({ matchers }) => matchers.some((other) => same(matcher, other))),
  );
}

function evidenceOfItself(part: CounterSelector, wholes: readonly CounterSelector[]): CounterSelector[] {
  const shared = (matcher: Matcher) => wholes.some(({ matchers }) => matchers.some((other) => same(matcher, other)));
  const isOpen = (matcher: Matcher) => matcher[1] !== '=' && matcher[0] !== 'le' && !shared(matcher);
  const labels = [...new Set(part.matchers.filter(isOpen).map(([label]) => label))];
  if (labels.length === 0) return [];
  return [
    {
      metric: part.metric,
      matchers: [...part.matchers.filter((matcher) => !isOpen(matcher)), ...labels.map(notEmpty)],
    },
  ];
}

const opposites = { '=': '!=', '!=': '=', '=~': '!~', '!~': '=~' } as const;
const mostArms = 16;

/**
 * The same series with none selected twice, so that they can be added up; null where that cannot be written: different
 * metrics, or too many selectors.
 */
export function disjoint(selectors: readonly CounterSelector[]): CounterSelector[] | null {
  const [first, ...others] = selectors;
  if (!first) return [];
  if (others.some(({ metric }) => metric !== first.metric)) return null;
  let arms: CounterSelector[] = [first];
  for (const [index, next] of others.entries()) {
    const before = selectors.slice(0, index + 1);
    const remaining = before.reduce<CounterSelector[]>(
      (parts, taken) => parts.flatMap((part) => without(part, taken)),
      [next],
    );
    arms = [...arms, ...remaining];
    if (arms.length > mostArms) return null;
  }
  return arms;
}

/** What a selector finds and another does not: one arm for each matcher of the other that fails first. */
function without(part: CounterSelector, taken: CounterSelector): CounterSelector[] {
  const negated = ([label, operator, value]: Matcher): Matcher => [label, opposites[operator], value];
  if (taken.matchers.some((matcher) => part.matchers.some((other) => same(negated(matcher), other)))) return [part];
  return taken.matchers.flatMap((matcher, index) => {
    if (part.matchers.some((other) => same(matcher, other))) return [];
    const earlier = taken.matchers.slice(0, index).filter((one) => !part.matchers.some((other) => same(one, other)));
    return [{ metric: part.metric, matchers: [...part.matchers, ...earlier, negated(matcher)] }];
  });
}
