import { AppError } from '#lib/core/errors.ts';
import { isId } from '#lib/core/ids.ts';

/** Where a page of alerts ended: how urgent, since when, which. */
export interface AlertPosition {
  rank: number;
  at: Date;
  id: string;
}

export const encodeAlertCursor = ({ rank, at, id }: AlertPosition) =>
  Buffer.from(`${rank}|${at.toISOString()}|${id}`).toString('base64url');

/** Reads a cursor; `request.cursor_invalid` for anything that we did not make. */
export function decodeAlertCursor(cursor: string | undefined): AlertPosition | null {
  if (cursor === undefined) return null;
  const [rank = '', time = '', id = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split('|');
  const position = { rank: Number(rank), at: new Date(time), id };
  const known = /^\d{1,2}$/.test(rank) && /^(?!0000)\d{4}-/.test(time) && isId(id);
  if (known && !Number.isNaN(position.at.getTime()) && encodeAlertCursor(position) === cursor) return position;
  throw new AppError('request.cursor_invalid', 'Begin again without a cursor.', {
    errors: [{ path: 'cursor', code: 'invalid', message: 'must be a nextCursor that this list gave' }],
  });
}
