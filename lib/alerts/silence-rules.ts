import { serviceLabels } from './label-rules.ts';

interface Matcher {
  name: string;
  value: string;
  isRegex: boolean;
  isEqual: boolean;
}

/** Values that have nothing in common: what matches them all narrows nothing. */
const probes = ['a', 'Zq-7', '0', 'payment', 'x y', '10.0.0.1:9090', 'é🛥', '_'.repeat(40)];

/**
 * A regular expression as Alertmanager means it (RE2, the whole value, dots match line ends); null where it is none
 * that can be read here, such as one with RE2's own syntax: Alertmanager itself judges it then.
 */
function regex(value: string): RegExp | null {
  const [, flags = '', rest = ''] = /^(?:\(\?([imsU]+)\))?(.*)$/s.exec(value) ?? [];
  try {
    return new RegExp(`^(?:${rest})$`, `s${flags.includes('i') ? 'i' : ''}${flags.includes('m') ? 'm' : ''}u`);
  } catch {
    return null;
  }
}

/** Whether a matcher matches a value; null where that cannot be told here. */
export function matches({ value, isRegex, isEqual }: Matcher, text: string): boolean | null {
  if (!isRegex) return (text === value) === isEqual;
  const read = regex(value);
  return read ? read.test(text) === isEqual : null;
}

/** Whether a matcher leaves alerts out: one that every alert passes, or all but a few, does not. */
export const narrows = (matcher: Matcher) => probes.some((probe) => matches(matcher, probe) !== true);

/** Whether an alert without the label passes too; Alertmanager wants at least one matcher that this is not so for. */
export const matchesEmpty = (matcher: Matcher) => matches(matcher, '') === true;

/** What is wrong with the matchers of a silence, in words; null when nothing is. */
export function matcherProblem(matchers: readonly Matcher[]): string | null {
  if (matchers.every(matchesEmpty)) return 'must have at least one matcher that is not empty, such as service="order"';
  if (!matchers.some((matcher) => narrows(matcher) && !matchesEmpty(matcher))) {
    return 'would quiet everything: name at least one alert, service or other label by its value';
  }
  return null;
}

/**
 * The values that a label can only have under these matchers; null when it may have others. Read from equality, and
 * from alternations of plain words such as `order|payment`.
 */
export function valuesOf(matchers: readonly Matcher[], label: string): string[] | null {
  for (const { name, value, isRegex, isEqual } of matchers) {
    if (name !== label || !isEqual || value === '') continue;
    if (!isRegex) return [value];
    const [, inner = value] = /^\(([^()]*)\)$/.exec(value) ?? [];
    const words = inner.split('|');
    if (words.every((word) => /^(?:[\w :/-]|\\[.-])+$/.test(word))) return words.map((word) => word.replace(/\\/g, ''));
  }
  return null;
}

/** The services that matchers are limited to; null when they are limited to none. */
export function servicesOf(matchers: readonly Matcher[]): string[] | null {
  for (const label of serviceLabels) {
    const values = valuesOf(matchers, label);
    if (values) return values;
  }
  return null;
}
