/** What one attribute must be. */
export interface AttributeFilter {
  key: string;
  operator: '=' | '!=' | 'exists';
  value?: string;
}

/** Reads `key=value`, `key!=value` or `key`; null when there is no key. A value may be anything, quotes included. */
export function parseAttributeFilter(text: string): AttributeFilter | null {
  const [, key = '', operator, value = ''] = /^([^=!]*)(?:(!?=)(.*))?$/su.exec(text) ?? [];
  const name = key.trim();
  if (name === '' || name.length > 300) return null;
  if (operator === undefined) return { key: name, operator: 'exists' };
  return { key: name, operator: operator === '=' ? '=' : '!=', value };
}

/** Writes what `parseAttributeFilter` reads. */
export function formatAttributeFilter({ key, operator, value = '' }: AttributeFilter): string {
  return operator === 'exists' ? key : `${key}${operator}${value}`;
}
