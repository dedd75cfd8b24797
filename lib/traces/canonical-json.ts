/**
 * JSON in its canonical form (RFC 8785): no space, members sorted by the UTF-16 code units of their names, numbers and
 * texts as ECMAScript writes them. `undefined` members are left out. Throws for numbers that JSON does not have.
 */
export function canonicalJsonOf(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`JSON has no ${value}`);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJsonOf(item ?? null)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  const members = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJsonOf(inner)}`);
  return `{${members.join(',')}}`;
}
