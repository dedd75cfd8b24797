import { describe, expect, test } from 'vitest';
import { readFirst } from './auth-door.ts';

const url = 'http://localhost:3000/api/auth/callback/credentials?x=1';
const form = 'application/x-www-form-urlencoded';
const post = (body: BodyInit | null, type: string | null) =>
  new Request(url, { method: 'POST', body, headers: { cookie: 'a=b', ...(type && { 'content-type': type }) } });

describe('what next-auth is given', () => {
  test.each([
    [form, 'email=a%40b.c&password=d'],
    [`${form}; charset=UTF-8`, 'email=a'],
    ['application/json', '{"email":"a"}'],
  ])('is the same request, for %s', async (type, body) => {
    const request = await readFirst(post(body, type));
    expect(await request.text()).toBe(body);
    expect(request.headers.get('cookie')).toBe('a=b');
    expect(request.headers.get('content-type')).toBe(type);
    expect(request.nextUrl.searchParams.get('x')).toBe('1');
  });

  test('may have no body', async () => {
    expect(await (await readFirst(post(null, null))).text()).toBe('');
    const get = new Request(url);
    expect(await readFirst(get)).toBe(get);
  });

  test.each<[string, BodyInit, string, string]>([
    ['JSON that is none', '{"a":', 'application/json', 'request.malformed'],
    ['a list', '[]', 'application/json', 'request.malformed'],
    ['text', 'hello', 'text/plain', 'request.unsupported_type'],
    ['bytes', Uint8Array.of(0xff), form, 'request.malformed'],
    ['U+0000', '{"email":"\\u0000"}', 'application/json', 'request.invalid'],
    ['1 MB', 'x'.repeat(2 ** 20), form, 'request.too_large'],
  ])('is never %s', async (_, body, type, code) => {
    await expect(readFirst(post(body, type))).rejects.toMatchObject({ code });
  });
});
