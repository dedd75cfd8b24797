import * as z from 'zod';
import { AppError } from '#lib/core/errors.ts';

export const defaultLimit = 50;
export const highestLimit = 500;

/** The query parameters of every list. */
export const pageQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .max(highestLimit, `must be ${highestLimit} or less`)
    .default(defaultLimit),
});

/** The answer of every list. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

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
  if (Number.isNaN(at.getTime()) || !/^[0-9a-f-]{36}$/i.test(id)) {
    throw new AppError('request.cursor_invalid', 'Begin again without a cursor.', {
      errors: [{ path: 'cursor', code: 'invalid', message: 'must be a nextCursor that this list gave' }],
    });
  }
  return { at, id };
}

/** Cuts `limit + 1` rows down to a page. */
export function toPage<Row, T>(rows: Row[], limit: number, position: (row: Row) => Position, view: (row: Row) => T): Page<T> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { items: kept.map(view), nextCursor: rows.length > limit && last ? encodeCursor(position(last)) : null };
}
