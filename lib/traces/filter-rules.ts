/** One condition on an attribute, as a search takes it. */
export interface Filter {
  /** Without one, spans and resources are both looked at. */
  scope?: 'span' | 'resource';
  key: string;
  operator: '=' | '!=' | 'exists';
  value?: string;
}

const longestKey = 200;
const longestValue = 1_000;
const scopes = ['span', 'resource'] as const;

/**
 * Reads `key=value`, `key!=value` or `key` (it exists), each with `span.` or `resource.` before it or not. The key ends
 * at the first `=`; what follows is the value, further `=` and spaces included. A key that itself begins with `span.`
 * or `resource.` is written with the scope before it. Returns a sentence part (`must …`) where it cannot be read.
 */
export function parseFilter(text: string): Filter | string {
  const at = text.indexOf('=');
  const negated = at > 0 && text[at - 1] === '!';
  const named = (at === -1 ? text : text.slice(0, negated ? at - 1 : at)).trim();
  const scope = scopes.find((one) => named.startsWith(`${one}.`));
  const key = scope ? named.slice(scope.length + 1) : named;
  if (key === '') return 'must name an attribute, such as http.route=/orders';
  if (key.length > longestKey) return `must name an attribute of at most ${longestKey} characters`;
  if (/\p{Cc}/u.test(key)) return 'must not have control characters in the name of an attribute';
  const base = scope ? { scope, key } : { key };
  if (at === -1) return { ...base, operator: 'exists' };
  const value = text.slice(at + 1);
  if (value.length > longestValue) return `must have a value of at most ${longestValue} characters`;
  return { ...base, operator: negated ? '!=' : '=', value };
}

/** Whether a condition can be written as text: a `=` or a trailing `!` in the name would be read as an operator. */
export function canFormat({ key }: Pick<Filter, 'key'>): boolean {
  return key !== '' && key === key.trim() && !key.includes('=') && !key.endsWith('!') && !/\p{Cc}/u.test(key);
}

/** Writes what `parseFilter` reads. */
export function formatFilter({ scope, key, operator, value = '' }: Filter): string {
  const name = scope ? `${scope}.${key}` : key;
  return operator === 'exists' ? name : `${name}${operator}${value}`;
}
