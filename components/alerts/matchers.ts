/** One condition of a silence, as Alertmanager takes it. */
export interface Matcher {
  name: string;
  value: string;
  isRegex: boolean;
  isEqual: boolean;
}

export const operators = ['=', '!=', '=~', '!~'] as const;
export type Operator = (typeof operators)[number];

/** The sign between name and value. */
export const operatorOf = ({ isRegex, isEqual }: Pick<Matcher, 'isRegex' | 'isEqual'>): Operator =>
  isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!=';

/** What a sign stands for. */
export const fromOperator = (operator: Operator): Pick<Matcher, 'isRegex' | 'isEqual'> => ({
  isRegex: operator.endsWith('~'),
  isEqual: !operator.startsWith('!'),
});

/** Matchers as Alertmanager and amtool write them: `alertname="DiskAlmostFull",instance=~"db-.*"`. */
export function formatMatchers(matchers: readonly Matcher[]): string {
  return matchers.map((one) => `${one.name}${operatorOf(one)}${quoted(one.value)}`).join(',');
}

const quoted = (value: string) => `"${value.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))}"`;

const name = /^\s*([a-zA-Z_:][a-zA-Z0-9_:.\-/]*)\s*(=~|!~|!=|=)\s*/;
const inQuotes = /^"((?:[^"\\]|\\[\s\S])*)"\s*/;
const bare = /^([^,"\s]*)\s*/;

/** Reads matchers, with or without braces; null where the text is none. */
export function parseMatchers(text: string): Matcher[] | null {
  let rest = text
    .trim()
    .replace(/^\{([\s\S]*)\}$/, '$1')
    .trim();
  const found: Matcher[] = [];
  while (rest !== '') {
    const head = name.exec(rest);
    if (!head) return null;
    rest = rest.slice(head[0].length);
    const value = inQuotes.exec(rest) ?? bare.exec(rest);
    if (!value) return null;
    rest = rest.slice(value[0].length);
    found.push({
      name: head[1] ?? '',
      value: value[0].startsWith('"') ? unescaped(value[1] ?? '') : (value[1] ?? ''),
      ...fromOperator(head[2] as Operator),
    });
    if (rest === '') break;
    if (!rest.startsWith(',')) return null;
    rest = rest.slice(1).trim();
  }
  return found.length > 0 ? found : null;
}

const unescaped = (text: string) => text.replace(/\\([\s\S])/g, (_, char: string) => (char === 'n' ? '\n' : char));

/** Labels that change from one firing to the next, or that say nothing of what is wrong. */
const fleeting = new Set(['prometheus', 'replica', 'long_window', 'short_window']);

/**
 * The matchers with which a silence of an alert begins: all that tells it apart, so that nothing else falls silent.
 * Windows are left out: the pages of an SLO are one thing. Severity stays: who silences a ticket keeps no page quiet.
 */
export function matchersOfLabels(labels: Readonly<Record<string, string>>): Matcher[] {
  return Object.entries(labels)
    .filter(([label]) => !fleeting.has(label))
    .sort(([a], [b]) => Number(b === 'alertname') - Number(a === 'alertname') || (a < b ? -1 : 1))
    .slice(0, 20)
    .map(([label, value]) => ({ name: label, value, isRegex: false, isEqual: true }));
}

/** Whether an alert falls under all matchers. A label that is absent counts as empty, as with Alertmanager. */
export function matches(matchers: readonly Matcher[], labels: Readonly<Record<string, string>>): boolean {
  return matchers.every((one) => {
    const value = labels[one.name] ?? '';
    const pattern = one.isRegex ? regexOf(one.value) : null;
    const equal = one.isRegex ? (pattern?.test(value) ?? false) : value === one.value;
    return equal === one.isEqual;
  });
}

/** The whole value must match, as with Alertmanager; null where it is no expression. */
function regexOf(text: string): RegExp | null {
  try {
    return new RegExp(`^(?:${text})$`, 's');
  } catch {
    return null;
  }
}

/** What is wrong with one matcher, or null. */
export function matcherProblem({ name: label, value, isRegex }: Matcher): string | null {
  if (label.trim() === '') return 'must name a label';
  if (!/^[a-zA-Z_:][a-zA-Z0-9_:.\-/]*$/.test(label.trim())) return 'this is not the name of a label';
  if (isRegex && regexOf(value) === null) return 'this is not a regular expression';
  return null;
}

/** Whether the matchers could quiet alerts that are there by accident: each of them matches an absent label. */
export function matchesEverything(matchers: readonly Matcher[]): boolean {
  return matchers.length > 0 && matchers.every((one) => matches([one], {}));
}
