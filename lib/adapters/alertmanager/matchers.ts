import type { SilenceMatcher } from './port.ts';

const classicName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** A literal as Alertmanager's parsers of matchers read it, both the classic and the UTF-8 one. */
const quote = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

/** A matcher as text, `service="order"`; the value is always quoted, a name where it needs it. */
export function matcherText({ name, value, isRegex, isEqual }: SilenceMatcher): string {
  const operator = isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!=';
  return `${classicName.test(name) ? name : quote(name)}${operator}${quote(value)}`;
}
