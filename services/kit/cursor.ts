import { invalidField } from './problem.ts';

/** An opaque place in a sorted list: the sort it belongs to, the last row's sort key, and its id. */
export interface Cursor {
  readonly sort: string;
  readonly key: string | number;
  readonly id: string;
}

export function encodeCursor({ sort, key, id }: Cursor): string {
  return Buffer.from(JSON.stringify([sort, key, id])).toString('base64url');
}

/** The place that `text` stands for; a 400 that names `cursor` when it is not one of ours, or of another sort. */
export function decodeCursor(text: string, sort: string): Cursor {
  const parts = parse(text);
  if (parts === undefined) throw invalidField('cursor', 'invalid', 'is not a cursor that a list has given out');
  if (parts.sort !== sort) {
    throw invalidField('cursor', 'other_sort', `belongs to a list sorted by ${parts.sort}, not by ${sort}`);
  }
  return parts;
}

function parse(text: string): Cursor | undefined {
  try {
    const parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown;
    if (!Array.isArray(parts) || parts.length !== 3) return undefined;
    const [sort, key, id] = parts as unknown[];
    if (typeof sort !== 'string' || !/^-?[a-z]{1,20}$/.test(sort)) return undefined;
    if (typeof id !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(id)) return undefined;
    if (typeof key === 'number') return Number.isSafeInteger(key) ? { sort, key, id } : undefined;
    return typeof key === 'string' && key.length <= 400 && !key.includes('\0') ? { sort, key, id } : undefined;
  } catch {
    return undefined;
  }
}
