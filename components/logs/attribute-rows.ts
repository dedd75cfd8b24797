import type { LogLine } from '#lib/logs/schemas.ts';
import { canWrite } from './terms.ts';

type Value = LogLine['attributes'][string];

export interface AttributeRow {
  /** Name, with the names inside it behind dots. */
  path: string;
  text: string;
  /** What to search for; null where a value cannot be searched for: inside others, lists, very long texts. */
  filter: { key: string; value: string } | null;
}

const longestFilter = 500;
const deepest = 4;
const mostBrief = 6;
const longestBrief = 60;
/** Tells nothing at a glance. */
const randomId = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** Attributes as rows; objects are laid flat down to a few levels. */
export function attributeRows(attributes: LogLine['attributes']): AttributeRow[] {
  return Object.entries(attributes).flatMap(([key, value]) => rowsOf(key, value, key, 0));
}

function rowsOf(path: string, value: Value, key: string, depth: number): AttributeRow[] {
  if (value !== null && typeof value === 'object' && !Array.isArray(value) && depth < deepest) {
    const inner = Object.entries(value);
    if (inner.length > 0)
      return inner.flatMap(([name, one]) => rowsOf(`${path}.${name}`, one as Value, key, depth + 1));
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const isPlain = depth === 0 && value !== null && typeof value !== 'object' && text.length <= longestFilter;
  return [{ path, text, filter: isPlain && canWrite(key) ? { key, value: text } : null }];
}

/** The first attributes in short, for the end of a row: what the body does not say already. */
export function briefly(attributes: LogLine['attributes'], body: string): { key: string; text: string }[] {
  return Object.entries(attributes)
    .filter(([, value]) => value !== null && typeof value !== 'object')
    .map(([key, value]) => ({ key, text: String(value) }))
    .filter(({ text }) => text !== '' && text.length <= longestBrief && !body.includes(text) && !randomId.test(text))
    .slice(0, mostBrief);
}

/** A body that is JSON, indented; the text itself where it is not, or is too long to be read so. */
export function prettyBody({ body, bodyIsJson }: Pick<LogLine, 'body' | 'bodyIsJson'>): string {
  if (body.length > 200_000 || !(bodyIsJson || /^\s*[[{]/.test(body))) return body;
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
