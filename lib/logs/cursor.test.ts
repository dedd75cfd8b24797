import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeLogCursor, encodeLogCursor } from './cursor.ts';

const ns = fc.bigInt({ min: 0n, max: 9_999_999_999_999_999_999n });
const id = fc.uint8Array({ minLength: 1, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const place = fc.record({ timeNs: ns, id });
const order = fc.constantFrom('newest' as const, 'oldest' as const);

test('a cursor is read back as it was', () => {
  const names = fc.string({ minLength: 1, maxLength: 20 }).filter((name) => name !== '__proto__');
  fc.assert(
    fc.property(ns, ns, order, fc.array(fc.tuple(names, place)), (fromNs, toNs, way, places) => {
      const cursor = { fromNs, toNs, order: way, places: new Map(places) };
      expect(decodeLogCursor(encodeLogCursor(cursor), way)).toEqual(cursor);
    }),
  );
});

test.each([
  'abc',
  'e30',
  Buffer.from('null').toString('base64url'),
  Buffer.from('{"f":"1","t":"2","o":"newest","p":{"a":["1","zz"]}}').toString('base64url'),
  Buffer.from('{"f":"1","t":"2","o":"newest","p":{"a":["1; drop","aa"]}}').toString('base64url'),
  Buffer.from('{"f":"1","t":"2","o":"sideways","p":{}}').toString('base64url'),
])('%s is none of ours', (cursor) => {
  expect(() => decodeLogCursor(cursor, 'newest')).toThrow(expect.objectContaining({ code: 'request.cursor_invalid' }));
});

test('goes with its own order only', () => {
  const cursor = encodeLogCursor({ fromNs: 1n, toNs: 2n, order: 'newest', places: new Map() });
  expect(() => decodeLogCursor(cursor, 'oldest')).toThrow(expect.objectContaining({ code: 'request.cursor_invalid' }));
  expect(decodeLogCursor(undefined, 'oldest')).toBeNull();
});
