import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { Problem } from './problem.ts';

describe('cursors', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 400 }).filter((text) => !text.includes('\0')),
          fc.maxSafeInteger(),
        ),
        (key) => {
          const cursor = { sort: '-price', key, id: 'prd_0001' };
          expect(decodeCursor(encodeCursor(cursor), '-price')).toEqual(cursor);
        },
      ),
    );
  });

  it('that are not ours are refused by name, whatever they are', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          decodeCursor(text, 'name');
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
          expect((error as Problem).errors[0]?.path).toBe('cursor');
        }
      }),
    );
  });

  it('of another sort are refused', () => {
    const text = encodeCursor({ sort: 'price', key: 1, id: 'a' });
    expect(() => decodeCursor(text, 'name')).toThrow('belongs to a list sorted by price');
  });
});
