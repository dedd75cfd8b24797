import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cookieNames } from '#lib/auth/index.ts';
import { makePerson, makeToken, type TestPerson } from '#lib/auth/testing/accounts.ts';
import { newId } from '#lib/core/ids.ts';
import { forget } from '#lib/core/registry.ts';
import { db, disconnect, listener, notify } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { api } from './api.ts';
import { answerMetrics, answerReady } from './health.ts';
import { answerHook } from './hooks.ts';
import { openStream, streamHub } from './stream.ts';

vi.stubEnv('LOG_LEVEL', 'fatal');

const origin = 'http://localhost:3000';
const hookToken = 'the hook token of tests';
let done: () => Promise<void>;
beforeAll(async () => {
  done = await useTestDatabase({ QD_PUBLIC_URL: origin, QD_HOOK_TOKEN: hookToken });
});
afterAll(async () => {
  streamHub().close();
  await listener().close();
  await done();
});

const call = (method: string, path: string, headers: Record<string, string>, body?: unknown) =>
  api().fetch(
    new Request(`${origin}/api/v1${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    }),
  );

async function sessionOf({ id }: TestPerson): Promise<{ cookie: string; origin: string }> {
  const { sessionVersion } = await db().person.findUniqueOrThrow({ where: { id } });
  const token = await encode({ token: { sub: id, sessionVersion }, secret: process.env.QD_SECRET ?? '' });
  return { cookie: `${cookieNames().session}=${token}`, origin };
}

describe('an idempotency key over HTTP', () => {
  test('by a token: the change happens once, the answer comes twice, another body is 422', async () => {
    const { bearer } = await makeToken('responder');
    const body = { id: newId(), kind: 'deploy', services: ['payment'] };
    const headers = { ...bearer, 'idempotency-key': 'k1' };
    const first = await call('POST', '/changes', headers, body);
    const again = await call('POST', '/changes', headers, body);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await again.json()).toEqual(await first.json());
    const other = await call('POST', '/changes', headers, { ...body, version: '2' });
    expect(await other.json()).toMatchObject({ status: 422, code: 'request.idempotency_reused' });
    const somebodyElse = await call(
      'POST',
      '/changes',
      { ...(await makeToken('responder')).bearer, 'idempotency-key': 'k1' },
      body,
    );
    expect(somebodyElse.headers.get('idempotency-replayed')).toBeNull();
    expect(await somebodyElse.json()).toMatchObject({ recorded: false });
  });

  test('of a refused request is free: nothing was kept', async () => {
    const { bearer } = await makeToken('responder');
    const headers = { ...bearer, 'idempotency-key': 'k2' };
    expect((await call('POST', '/changes', headers, { id: 'x' })).status).toBe(400);
    expect((await call('POST', '/changes', headers, { id: newId(), kind: 'config', services: ['a'] })).status).toBe(
      201,
    );
  });

  test('never gives a secret again', async () => {
    const session = await sessionOf(await makePerson('admin'));
    const headers = { ...session, 'idempotency-key': 'k3' };
    const body = { name: 'ci', role: 'viewer' };
    const first = await (await call('POST', '/tokens', headers, body)).json();
    const again = await call('POST', '/tokens', headers, body);
    expect(first.secret).toMatch(/^qd_/);
    expect(await again.json()).toEqual({ ...first, secret: null });
  });
});

describe('/api/hooks', () => {
  const hook = (body: unknown, { token = hookToken, name = 'changes', type = 'application/json' } = {}) =>
    answerHook(
      name,
      new Request(`${origin}/api/hooks/${name}`, {
        method: 'POST',
        headers: { ...(token && { authorization: `Bearer ${token}` }), 'content-type': type },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    );
  const change = () => ({ id: newId(), kind: 'deploy', services: ['payment'], version: '1' });

  test('takes a change with its token, and the same once', async () => {
    const body = change();
    const first = await hook(body);
    expect(first.status).toBe(202);
    const { id } = await first.json();
    expect(await (await hook(body)).json()).toEqual({ id, recorded: false });
  });

  test('refuses every other token, also of people, and writes that down once a minute', async () => {
    const admin = await makeToken('admin');
    for (const token of ['', 'wrong', admin.secret, `${hookToken}x`]) {
      const response = await hook(change(), { token });
      expect(await response.json()).toMatchObject({ status: 401, code: 'hooks.token_wrong' });
    }
    expect(await db().auditRecord.findMany({ where: { code: 'hooks.token_wrong' } })).toMatchObject([
      { verb: 'changes.record', outcome: 'refused' },
    ]);
  });

  test.each<[string, unknown, object, number]>([
    ['malformed JSON', '{', {}, 400],
    ['a wrong field', { id: 1 }, {}, 400],
    ['no JSON', 'x', { type: 'text/plain' }, 415],
    ['1 MB', { id: 'x'.repeat(2 ** 20) }, {}, 413],
    ['U+0000', { ...change(), title: 'a\u0000' }, {}, 400],
    ['half a surrogate pair', { ...change(), title: 'a\ud800' }, {}, 400],
    ['an unknown name', {}, { name: 'nothing' }, 404],
    ['the name of a property', {}, { name: 'constructor' }, 404],
  ])('refuses %s', async (_, body, options, status) => {
    const response = await hook(body, options);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  test.each(['GET', 'PUT', 'DELETE'])('says to %s that it takes POST', async (method) => {
    const response = await answerHook('changes', new Request(`${origin}/api/hooks/changes`, { method }));
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('is closed while no token is configured', async () => {
    process.env.QD_HOOK_TOKEN = '';
    forget('config');
    expect((await hook(change(), { token: '' })).status).toBe(401);
    expect((await hook(change(), { token: 'undefined' })).status).toBe(401);
    process.env.QD_HOOK_TOKEN = hookToken;
    forget('config');
  });
});

describe('/api/stream', () => {
  const open = (headers: Record<string, string>, signal?: AbortSignal) =>
    openStream(new Request(`${origin}/api/stream`, { headers, signal }));

  /** Collects what a stream says; `ended` once it is over. */
  function follow(response: Response) {
    const seen = { text: '', ended: false };
    const read = async () => {
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) seen.text += chunk;
      seen.ended = true;
    };
    void read();
    return seen;
  }

  test('refuses nobody', async () => {
    const nobody: Record<string, string>[] = [{}, { authorization: 'Bearer wrong' }];
    for (const headers of nobody) {
      const response = await open(headers);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ code: 'auth.unauthenticated' });
    }
  });

  test('tells an admin of people, and a viewer not', async () => {
    const [admin, viewer] = [await makePerson('admin'), await makePerson('viewer')];
    const forAdmin = follow(await open(await sessionOf(admin)));
    const forViewer = follow(await open(await sessionOf(viewer)));
    await vi.waitUntil(() => listener().connected());
    const body = { name: 'Grace', email: `${newId()}@example.com`, role: 'viewer', password: 'a long pass phrase' };
    const { id } = await (await call('POST', '/people', await sessionOf(admin), body)).json();
    await notify(db(), { topic: 'facts', id: 'after', audience: 'everyone' });
    await vi.waitUntil(() => forAdmin.text.includes('after') && forViewer.text.includes('after'));
    expect(forAdmin.text).toContain(`{"topic":"people","id":"${id}"}`);
    expect(forViewer.text).not.toContain('people');
  });

  test('ends at once for a person who is disabled, and for a token that is revoked', async () => {
    const [admin, viewer] = [await makePerson('admin'), await makePerson('viewer')];
    const [owned, other] = [await makeToken('viewer', { ownerId: viewer.id }), await makeToken('viewer')];
    const [person, ofPerson, token] = await Promise.all(
      [await sessionOf(viewer), owned.bearer, other.bearer].map(async (headers) => follow(await open(headers))),
    );
    await vi.waitUntil(() => listener().connected());
    await call('DELETE', `/tokens/${other.id}`, await sessionOf(admin));
    await vi.waitUntil(() => token?.ended);
    expect(person?.ended).toBe(false);
    await call('PATCH', `/people/${viewer.id}`, await sessionOf(admin), { disabled: true });
    await vi.waitUntil(() => person?.ended && ofPerson?.ended);
  });
});

describe('while Postgres is away', () => {
  test('the console says that it is not ready; who was here a moment ago may still read, and nobody may change', async () => {
    expect((await answerReady()).status).toBe(200);
    const { bearer } = await makeToken('admin');
    expect((await call('GET', '/catalog', bearer)).status).toBe(200);
    const { DATABASE_URL } = process.env;
    await disconnect();
    process.env.DATABASE_URL = 'postgresql://nobody@127.0.0.1:1/none';
    forget('config');
    try {
      const ready = await answerReady();
      expect([ready.status, await ready.json()]).toEqual([503, expect.objectContaining({ down: ['postgres'] })]);
      expect((await call('GET', '/catalog', bearer)).status).toBe(200);
      const stranger = await call('GET', '/catalog', { authorization: 'Bearer somebody-new' });
      expect(await stranger.json()).toMatchObject({ status: 503, code: 'database.unavailable' });
      expect(stranger.headers.get('retry-after')).toBe('5');
      const change = await call('POST', '/changes', bearer, { id: 'x', kind: 'deploy', services: ['a'] });
      expect(await change.json()).toMatchObject({ status: 503, code: 'database.unavailable' });
    } finally {
      await disconnect();
      process.env.DATABASE_URL = DATABASE_URL;
      forget('config');
    }
    expect((await answerReady()).status).toBe(200);
  });
});

test('/metrics counts requests by route, never by what stood in the address', async () => {
  const { bearer } = await makeToken('viewer');
  await call('GET', '/services/some-service-name/changes', bearer);
  const text = await (await answerMetrics()).text();
  expect(text).toContain('http_route="/api/v1/services/{service}/changes"');
  expect(text).not.toContain('some-service-name');
});
