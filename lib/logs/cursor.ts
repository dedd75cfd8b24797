import * as z from 'zod';
import type { LogPosition } from '#lib/adapters/logs/index.ts';
import { AppError } from '#lib/core/errors.ts';

const ns = z.string().regex(/^-?\d{1,19}$/);
const shape = z.object({
  f: ns,
  t: ns,
  o: z.enum(['newest', 'oldest']),
  p: z.record(z.string().max(100), z.tuple([ns, z.string().regex(/^([0-9a-f]{2}){1,32}$/)])),
});

/** Where a list over several sources ended: its range, which must not move on, and the place in each source. */
export interface LogCursor {
  fromNs: bigint;
  toNs: bigint;
  order: 'newest' | 'oldest';
  places: Map<string, LogPosition>;
}

export function encodeLogCursor({ fromNs, toNs, order, places }: LogCursor): string {
  const p = Object.fromEntries([...places].map(([source, { timeNs, id }]) => [source, [String(timeNs), id]]));
  return Buffer.from(JSON.stringify({ f: String(fromNs), t: String(toNs), o: order, p })).toString('base64url');
}

/** Reads a cursor; `request.cursor_invalid` for what we did not make. */
export function decodeLogCursor(cursor: string | undefined, order: 'newest' | 'oldest'): LogCursor | null {
  if (cursor === undefined || cursor === '') return null;
  const found = parse(cursor);
  if (found?.o === order) {
    const places = Object.entries(found.p).map(([source, [timeNs, id]]): [string, LogPosition] => [
      source,
      { timeNs: BigInt(timeNs), id },
    ]);
    return { fromNs: BigInt(found.f), toNs: BigInt(found.t), order, places: new Map(places) };
  }
  throw new AppError('request.cursor_invalid', 'Begin again without a cursor.', {
    errors: [{ path: 'cursor', code: 'invalid', message: 'must be a nextCursor that this list gave' }],
  });
}

function parse(cursor: string) {
  try {
    return shape.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
