import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '#lib/core/errors.ts';
import { bearerOf, bodyLimitBytes, parseJson, parseQuery, readBody, refuseUnstorable } from './request.ts';

const post = (body: BodyInit | null, headers: Record<string, string> = {}) =>
  new Request('http://console/api', { method: 'POST', body, headers, duplex: 'half' } as RequestInit);
const json = (text: string, type: string | null = 'application/json') => parseJson(text, type);
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('reading a body', () => {
  test('gives the text, also in many pieces that cut characters apart', async () => {
    const bytes = new TextEncoder().encode('a ü 🛥 z');
    const pieces = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect(await readBody(post(pieces))).toBe('a ü 🛥 z');
  });

  test('gives nothing for none', async () => {
    expect(await readBody(post(null))).toBe('');
  });

  test('takes as much as the limit and not a byte more', async () => {
    expect(await readBody(post('x'.repeat(10)), 10)).toHaveLength(10);
    await expect(readBody(post('x'.repeat(11)), 10)).rejects.toThrow(code('request.too_large'));
    await expect(readBody(post('ü'.repeat(6)), 10)).rejects.toThrow(code('request.too_large'));
  });

  test('believes a length that is too long without reading', async () => {
    const request = post('x', { 'content-length': String(bodyLimitBytes + 1) });
    await expect(readBody(request)).rejects.toThrow(code('request.too_large'));
    expect(request.bodyUsed).toBe(false);
  });

  test('stops a stream that goes on and on', async () => {
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(1024));
      },
    });
    await expect(readBody(post(endless), 4096)).rejects.toThrow(code('request.too_large'));
    expect(pulled).toBeLessThan(10);
  });

  test.each([
    ['bytes that are no UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
    ['a character that is cut short', Uint8Array.of(0xc3)],
    ['half a surrogate pair', Uint8Array.of(0xed, 0xa0, 0x80)],
  ])('refuses %s', async (_, bytes) => {
    await expect(readBody(post(bytes))).rejects.toThrow(code('request.malformed'));
  });
});

describe('parsing JSON', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/merge-patch+json',
  ])('takes %s', (type) => {
    expect(json('{"a":[1,null]}', type)).toEqual({ a: [1, null] });
  });

  test.each([
    null,
    '',
    'text/plain',
    'application/jsonp',
    'multipart/form-data',
    'x/application/json',
    'application/json-x',
  ])('refuses %j', (type) => {
    expect(() => json('{}', type)).toThrow(code('request.unsupported_type'));
  });

  test('of no body is undefined, whatever the type', () => {
    expect(json('', null)).toBeUndefined();
  });

  test.each(['{', '{"a":}', "{'a':1}", 'undefined', ' ', '{"a":1}{"b":2}', '\u0000'])(
    'says where %j breaks',
    (text) => {
      expect(() => json(text)).toThrow(code('request.malformed'));
    },
  );

  test.each([
    ['a text with U+0000', '{"a":{"b":["x\\u0000"]}}', 'a.b[0]', 'nul'],
    ['a name with U+0000', '{"a":{"\\u0000":1}}', 'a', 'nul'],
    ['half a surrogate pair', '{"a":"\\ud800"}', 'a', 'surrogate'],
    ['halves in the wrong order', '{"a":"\\udc00\\ud800"}', 'a', 'surrogate'],
    ['a name with half a pair', '{"\\udfff":1}', '', 'surrogate'],
  ])('refuses %s', (_, text, path, expected) => {
    const error = (() => {
      try {
        return json(text);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toMatchObject({ code: 'request.invalid', errors: [{ path, code: expected }] });
  });

  test('takes a whole surrogate pair', () => {
    expect(json('{"a":"\\ud83d\\udee5"}')).toEqual({ a: '🛥' });
  });

  test('refuses what is nested so deeply that reading it would break us', () => {
    const depth = 50_000;
    for (const text of ['['.repeat(depth) + ']'.repeat(depth), `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`]) {
      expect(() => json(text)).toThrow(code('request.invalid'));
    }
    expect(() => json('['.repeat(20) + ']'.repeat(20))).not.toThrow();
  });

  test('of any text gives what JSON.parse gives, or a 400', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json({ depthSize: 'medium' }), fc.string()), (text) => {
        try {
          expect(json(text)).toEqual(text === '' ? undefined : JSON.parse(text));
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect((error as AppError).status).toBe(400);
        }
      }),
    );
  });
});

describe('the query of an address', () => {
  test('keeps what comes once and lists what comes more often', () => {
    expect({ ...parseQuery('http://c/x?a=1&b=2&b=3&b=4&c=') }).toEqual({ a: '1', b: ['2', '3', '4'], c: '' });
  });

  test.each(['__proto__', 'constructor', 'toString'])('%s is a name like any other', (name) => {
    const query = parseQuery(`http://c/x?${name}=1`);
    expect(Object.entries(query)).toEqual([[name, '1']]);
  });

  test('refuses U+0000 in a value and in a name', () => {
    expect(() => parseQuery('http://c/x?a=1%00')).toThrow(code('request.invalid'));
    expect(() => parseQuery('http://c/x?%00=1')).toThrow(code('request.invalid'));
  });

  test('takes what is no UTF-8 as the replacement character', () => {
    expect(parseQuery('http://c/x?a=%ED%A0%80').a).toMatch(/^\uFFFD+$/);
    expect(parseQuery('http://c/x?a=%E0%A4%A').a).toContain('\uFFFD');
  });
});

test('what is stored is not touched by the check', () => {
  const value = { a: [1, 'x', null, true, { b: 'ü' }] };
  refuseUnstorable(value);
  expect(value).toEqual({ a: [1, 'x', null, true, { b: 'ü' }] });
});

test.each([
  ['Bearer abc', 'abc'],
  ['bearer  abc ', 'abc'],
  ['Bearer a pass phrase', 'a pass phrase'],
  ['Bearer', null],
  ['Bearer ', null],
  ['Basic abc', null],
  ['Bearerabc', null],
  [null, null],
])('of %j the bearer is %j', (header, bearer) => {
  expect(bearerOf(new Headers(header === null ? {} : { authorization: header }))).toBe(bearer);
});
