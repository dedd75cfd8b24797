import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import { newId } from '#lib/core/ids.ts';
import { decodeCursor, encodeCursor, toPage } from './pagination.ts';

const position = fc.record({
  at: fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
  id: fc.integer({ min: 0, max: 2 ** 48 - 1 }).map((now) => newId(now)),
});

describe('a cursor', () => {
  test('brings back the position that it was made of', () => {
    fc.assert(
      fc.property(position, (at) => {
        expect(decodeCursor(encodeCursor(at))).toEqual(at);
      }),
    );
  });

  test('fits the limit of the query parameter and needs no escaping', () => {
    fc.assert(
      fc.property(position, (at) => {
        expect(encodeCursor(at)).toMatch(/^[\w-]{1,500}$/);
      }),
    );
  });

  test('that is absent is the beginning', () => {
    expect(decodeCursor(undefined)).toBeNull();
  });

  const raw = (text: string) => Buffer.from(text).toString('base64url');
  test.each([
    '',
    'garbage',
    '%00',
    raw('2026-01-01T00:00:00.000Z'),
    raw('2026-01-01T00:00:00.000Z|------------------------------------'),
    raw(`2026|${newId()}`),
    raw(`0000-01-01T00:00:00.000Z|${newId()}`),
    raw(`+275760-09-13T00:00:00.000Z|${newId()}`),
    raw(`-000001-01-01T00:00:00.000Z|${newId()}`),
    raw(`not a time|${newId()}`),
    raw(`2026-01-01T00:00:00.000Z|${newId()}|more`),
    `${encodeCursor({ at: new Date(), id: newId() })}=`,
    raw(`2026-01-01T00:00:00.000Z|${newId()}' or 1=1`),
  ])('that we did not make is refused: %j', (cursor) => {
    expect(() => decodeCursor(cursor)).toThrow(expect.objectContaining({ code: 'request.cursor_invalid' }));
  });

  test('of any text is either ours or refused, never another error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.string().map(raw)), (cursor) => {
        try {
          expect(encodeCursor(decodeCursor(cursor) as never)).toBe(cursor);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect((error as AppError).errors).toMatchObject([{ path: 'cursor' }]);
        }
      }),
    );
  });
});

describe('a page', () => {
  const rows = Array.from({ length: 4 }, (_, index) => ({ at: new Date(index), id: newId(index) }));
  const page = (count: number, limit: number) =>
    toPage(
      rows.slice(0, count),
      limit,
      (row) => row,
      ({ id }) => id,
    );

  test('with a row to spare has a cursor at its last row', () => {
    const { items, nextCursor } = page(4, 3);
    expect(items).toEqual(rows.slice(0, 3).map(({ id }) => id));
    expect(decodeCursor(nextCursor ?? '')).toEqual(rows[2]);
  });

  test.each([
    [3, 3],
    [1, 3],
    [0, 3],
  ])('of %i rows at a limit of %i is the last', (count, limit) => {
    expect(page(count, limit)).toMatchObject({ nextCursor: null, items: { length: count } });
  });
});
