import { AppError } from '#lib/core/errors.ts';
import { isId } from '#lib/core/ids.ts';
import type { Page } from '#lib/core/page.ts';

/** Where a page ended: the time that the list is sorted by, and the id that breaks ties. */
export interface Position {
  at: Date;
  id: string;
}

export function encodeCursor({ at, id }: Position): string {
  return Buffer.from(`${at.toISOString()}|${id}`).toString('base64url');
}

/** Reads a cursor; `request.cursor_invalid` for anything that we did not make. */
export function decodeCursor(cursor: string | undefined): Position | null {
  if (cursor === undefined) return null;
  const [time = '', id = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split('|');
  const at = new Date(time);
  // Postgres knows no year 0 and none beyond 294276; nothing of ours happened outside of four digits.
  const known = /^(?!0000)\d{4}-/.test(time) && !Number.isNaN(at.getTime()) && isId(id);
  if (known && encodeCursor({ at, id }) === cursor) return { at, id };
  throw new AppError('request.cursor_invalid', 'Begin again without a cursor.', {
    errors: [{ path: 'cursor', code: 'invalid', message: 'must be a nextCursor that this list gave' }],
  });
}

/** Cuts `limit + 1` rows down to a page. */
export function toPage<Row, T>(
  rows: Row[],
  limit: number,
  position: (row: Row) => Position,
  view: (row: Row) => T,
): Page<T> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { items: kept.map(view), nextCursor: rows.length > limit && last ? encodeCursor(position(last)) : null };
}
