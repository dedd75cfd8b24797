import { encode } from 'next-auth/jwt';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { forget } from '#lib/core/registry.ts';
import { authOptions, cookieNames, readSession, trustedProxies } from './session.ts';

const secret = 'a secret of tests, 32 characters';

beforeAll(() => {
  vi.stubEnv('DATABASE_URL', 'postgresql://nobody@127.0.0.1:1/none');
  vi.stubEnv('QD_SECRET', secret);
  vi.stubEnv('QD_PUBLIC_URL', 'http://localhost:3210');
  vi.stubEnv('QD_TRUSTED_PROXIES', ' 10.0.0.0/8 ,, ::1');
  forget('config');
});

describe('the names of the cookies', () => {
  test.each([
    ['https://deck.example.com', '__Host-quarterdeck-session'],
    ['https://deck.example.com:8443', '__Host-quarterdeck-session'],
    ['http://localhost:3000', 'quarterdeck-3000-session'],
    ['http://localhost:3001', 'quarterdeck-3001-session'],
    ['http://deck.internal', 'quarterdeck-80-session'],
  ])('at %s: the session is %s', (url, name) => {
    expect(cookieNames(url).session).toBe(name);
  });

  test('never begin with the session of this install or of another: next-auth would read them as its pieces', () => {
    const installs = ['https://a.example', 'http://localhost:80', 'http://localhost:8080', 'http://localhost:808'];
    const all = installs.flatMap((url) => Object.values(cookieNames(url)));
    for (const { session } of installs.map((url) => cookieNames(url))) {
      expect(all.filter((name) => name.startsWith(session))).toEqual([session]);
    }
  });
});

describe('a session cookie', () => {
  const cookie = async (claims: object, key = secret, maxAge?: number) =>
    `other=1; ${cookieNames().session}=${await encode({ token: claims as never, secret: key, ...(maxAge && { maxAge }) })}; more=2`;

  test('stands for a person and a session version', async () => {
    expect(await readSession(await cookie({ sub: 'ada', sessionVersion: 3 }))).toEqual({
      personId: 'ada',
      sessionVersion: 3,
    });
  });

  test.each([
    ['absent', async () => null],
    ['another cookie', async () => 'theme=dark'],
    ['of another install', async () => (await cookie({ sub: 'ada', sessionVersion: 3 })).replace('-3210-', '-3211-')],
    ['signed by somebody else', () => cookie({ sub: 'ada', sessionVersion: 3 }, 'some other secret, 32 characters')],
    ['expired', () => cookie({ sub: 'ada', sessionVersion: 3 }, secret, -60)],
    ['without a version', () => cookie({ sub: 'ada' })],
    ['without a person', () => cookie({ sessionVersion: 3 })],
    ['garbage', async () => `${cookieNames().session}=%E0%A4%A`],
    ['empty', async () => `${cookieNames().session}=`],
  ])('that is %s is no session', async (_, make) => {
    expect(await readSession(await make())).toBeNull();
  });
});

describe('next-auth', () => {
  const options = () => authOptions();

  test('keeps its cookies from scripts and from other sites', () => {
    for (const cookie of Object.values(options().cookies ?? {})) {
      expect(cookie.options).toMatchObject({ httpOnly: true, sameSite: 'lax', path: '/', secure: false });
      expect(cookie.name).toMatch(/^quarterdeck-3210-/);
    }
  });

  test.each([
    ['/services', 'http://localhost:3210/services'],
    ['http://localhost:3210/services', 'http://localhost:3210/services'],
    ['//evil.example', 'http://localhost:3210'],
    ['/\\evil.example', 'http://localhost:3210'],
    ['https://evil.example/', 'http://localhost:3210'],
    ['javascript:alert(1)', 'http://localhost:3210'],
    ['http://localhost:3210.evil.example', 'http://localhost:3210'],
    ['', 'http://localhost:3210'],
  ])('leads to %j as %s', async (url, expected) => {
    const redirect = options().callbacks?.redirect;
    expect(await redirect?.({ url, baseUrl: 'http://localhost:3210' })).toBe(expected);
  });
});

test('trusted proxies are a list', () => {
  expect(trustedProxies()).toEqual(['10.0.0.0/8', '::1']);
});
