import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isId, newId, newSecret } from './ids.ts';

const latestMs = 2 ** 48 - 1;
const instantMs = fc.integer({ min: 0, max: latestMs });

describe('an id', () => {
  test('carries the version and the variant of RFC 9562', () => {
    fc.assert(
      fc.property(instantMs, (now) => {
        const id = newId(now);
        expect(isId(id)).toBe(true);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      }),
    );
  });

  test('holds its time to the millisecond', () => {
    fc.assert(
      fc.property(instantMs, (now) => {
        expect(Number.parseInt(newId(now).replaceAll('-', '').slice(0, 12), 16)).toBe(now);
      }),
    );
  });

  test('sorts by time', () => {
    fc.assert(
      fc.property(instantMs, instantMs, (a, b) => {
        fc.pre(a !== b);
        expect(newId(a) < newId(b)).toBe(a < b);
      }),
    );
  });

  test('is never made twice, not even within one millisecond', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => newId(1_000))).size).toBe(10_000);
  });
});

test.each(['', 'x', '------------------------------------', `${newId()} `, `${newId()}\n`, newId().slice(1)])(
  '%j is no id',
  (text) => {
    expect(isId(text)).toBe(false);
  },
);

test('a secret has as many random bytes as asked for, written for URLs', () => {
  expect(newSecret()).toMatch(/^[\w-]{43}$/);
  expect(newSecret(18)).toMatch(/^[\w-]{24}$/);
  expect(newSecret()).not.toBe(newSecret());
});
