import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { type Actor, fullScope } from '#lib/core/actor.ts';
import type { Context } from '#lib/core/context.ts';
import { defineVerb } from '#lib/core/define-verb.ts';
import { AppError } from '#lib/core/errors.ts';
import { forget } from '#lib/core/registry.ts';
import { createApi, type Door } from './api.ts';
import { defineRoute } from './route.ts';

vi.stubEnv('LOG_LEVEL', 'fatal');

const see = defineVerb({ id: 'things.see', title: 'See things', role: 'viewer', changes: false });
const make = defineVerb({ id: 'things.make', title: 'Make a thing', role: 'viewer', changes: true });
const actor: Actor = { kind: 'token', id: 't1', name: 'T', ownerId: 'p', role: 'viewer', scope: fullScope };

let made = 0;
let lastContext: Context | undefined;
let refused: string[] = [];
let by: { actor: Actor; cookie: boolean } | null;
const release = { promise: Promise.resolve() };

const routes = [
  defineRoute({
    method: 'get',
    path: '/things/{id}',
    verb: see,
    tag: 'Things',
    summary: 'A thing',
    params: z.object({ id: z.string() }),
    query: z.object({ size: z.coerce.number().default(1), mode: z.string().optional() }),
    handle: async ({ params, query }) => ({ ...params, ...query }),
  }),
  defineRoute({
    method: 'post',
    path: '/things',
    verb: make,
    tag: 'Things',
    summary: 'Make a thing',
    status: 201,
    handle: async ({ ctx, body }) => {
      lastContext = ctx;
      return { body };
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/things/{id}',
    verb: make,
    tag: 'Things',
    summary: 'Remove a thing',
    status: 204,
    handle: async () => undefined,
  }),
  defineRoute({
    method: 'post',
    path: '/things/import',
    verb: make,
    tag: 'Things',
    summary: 'Make many things',
    handle: async () => ({ imported: true }),
  }),
  defineRoute({
    method: 'post',
    path: '/things/weigh',
    verb: see,
    readsOnly: true,
    tag: 'Things',
    summary: 'What a thing would weigh',
    handle: async ({ ctx }) => {
      lastContext = ctx;
      return { grams: 1 };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/things/newest',
    verb: see,
    tag: 'Things',
    summary: 'The newest thing',
    handle: async () => ({ newest: true }),
  }),
  defineRoute({
    method: 'get',
    path: '/shared/{id}',
    verb: see,
    tag: 'Things',
    summary: 'The same for all',
    params: z.object({ id: z.string() }),
    query: z.object({ size: z.coerce.number().default(1) }),
    sharedForMs: 60_000,
    permit: ({ ctx, params }) => {
      if (ctx.actor && 'scope' in ctx.actor && ctx.actor.scope.services !== 'all' && params.id === 'secret') {
        throw new AppError('auth.scope_too_narrow', 'Not for you.');
      }
    },
    handle: async ({ params }) => {
      await release.promise;
      return { id: params.id, made: ++made };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/broken',
    verb: see,
    tag: 'Things',
    summary: 'Fails',
    handle: async () => Promise.reject(new Error('the password is hunter2')),
  }),
];

const door: Door = {
  authenticate: async () => by,
  authorize: async (ctx) => {
    if (!ctx.actor) throw new AppError('auth.unauthenticated', 'Sign in.');
  },
  refused: async (_ctx, verb, error) => void refused.push(`${verb.id} ${error.code}`),
  publicUrl: 'https://deck.example.com',
  trustedProxies: [],
};
const app = createApi(routes, door);

beforeEach(() => {
  forget('shared-answers');
  made = 0;
  refused = [];
  by = { actor, cookie: false };
});

const ask = (path: string, init: RequestInit = {}) =>
  app.fetch(new Request(`https://deck.example.com/api/v1${path}`, init));
const send = (body: string, headers: Record<string, string> = {}) =>
  ask('/things', { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

describe('an address', () => {
  test('answers JSON with a request id and an ETag, and 304 to who has it', async () => {
    const response = await ask('/things/a%20b?size=3');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ id: 'a b', size: 3 });
    const etag = response.headers.get('etag') ?? '';
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const again = await ask('/things/a%20b?size=3', { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  test('answers HEAD like GET, without a body', async () => {
    const response = await ask('/things/a', { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(response.headers.get('etag')).toBeTruthy();
  });

  test('of fixed words is not the name of something, whichever was said first', async () => {
    expect(await (await ask('/things/newest')).json()).toEqual({ newest: true });
    expect(await (await ask('/things/other')).json()).toMatchObject({ id: 'other' });
  });

  test.each([
    ['PUT', '/things/a', 'DELETE, GET, HEAD, OPTIONS'],
    ['GET', '/things', 'POST, OPTIONS'],
    ['HEAD', '/things', 'POST, OPTIONS'],
    ['PATCH', '/shared/a', 'GET, HEAD, OPTIONS'],
    ['GET', '/things/import', 'POST, OPTIONS'],
    ['DELETE', '/things/import', 'POST, OPTIONS'],
    ['DELETE', '/things/newest', 'GET, HEAD, OPTIONS'],
  ])('refuses %s %s with what it takes', async (method, path, allow) => {
    const response = await ask(path, { method });
    expect(response.status).toBe(405);
    const given = response.headers.get('allow')?.split(', ').sort();
    expect(given).toEqual(allow.split(', ').sort());
    if (method !== 'HEAD') expect(await response.json()).toMatchObject({ code: 'request.method_not_allowed' });
  });

  test('tells OPTIONS what it takes, and nothing that lets other origins in', async () => {
    const response = await ask('/things', { method: 'OPTIONS', headers: { origin: 'https://evil.example' } });
    expect([response.status, response.headers.get('allow')]).toEqual([204, 'POST, OPTIONS']);
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test.each(['/nothing', '/things/a/b', '/things/', '/', '/thingsa', '/%00', '/%E0%A4%A'])(
    'that there is not, %s, is 404',
    async (path) => {
      const response = await ask(path);
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(await response.json()).toMatchObject({ code: 'request.not_found' });
    },
  );

  test('refuses U+0000 in a parameter and in a query that nobody reads', async () => {
    expect(await (await ask('/things/a%00b')).json()).toMatchObject({
      status: 400,
      errors: [{ path: 'id', code: 'nul' }],
    });
    expect(await (await ask('/things/a?other=%00')).json()).toMatchObject({ status: 400, errors: [{ path: 'other' }] });
  });

  test('takes a parameter whose escapes are broken as it stands', async () => {
    expect(await (await ask('/things/%E0%A4%A')).json()).toMatchObject({ id: '%E0%A4%A' });
  });

  test('tells nothing of an error that is not ours', async () => {
    const response = await ask('/broken');
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).not.toContain('hunter2');
    expect(JSON.parse(text)).toMatchObject({ code: 'server.failed' });
  });

  test('does not call it an error when whoever asked has left', async () => {
    const gone = new AbortController();
    gone.abort();
    expect((await ask('/broken', { signal: gone.signal })).status).toBe(499);
  });

  test('with nothing to say answers 204 without a body', async () => {
    const response = await ask('/things/a', { method: 'DELETE' });
    expect([response.status, await response.text()]).toEqual([204, '']);
  });
});

describe('a change with a cookie', () => {
  test('must come from our own pages, else it is refused and written down', async () => {
    by = { actor, cookie: true };
    for (const origin of [undefined, 'https://evil.example', 'null']) {
      const response = await send('{}', origin ? { origin } : {});
      expect(await response.json()).toMatchObject({ status: 403, code: 'request.origin_refused' });
    }
    expect(refused).toEqual(Array(3).fill('things.make request.origin_refused'));
    expect((await send('{}', { origin: 'https://deck.example.com' })).status).toBe(201);
  });

  test('may be read from anywhere a link leads from', async () => {
    by = { actor, cookie: true };
    expect((await ask('/things/a', { headers: { origin: 'https://evil.example' } })).status).toBe(200);
  });

  test('is no matter for a token, which no browser sends by itself', async () => {
    expect((await send('{}', { origin: 'https://evil.example' })).status).toBe(201);
  });
});

describe('an idempotency key', () => {
  const idOf = async (key: string, body: string, who: Actor = actor) => {
    by = { actor: who, cookie: false };
    lastContext = undefined;
    await send(body, { 'idempotency-key': key });
    return (lastContext as Context | undefined)?.idempotency;
  };

  test('belongs to the actor, the address and the key; its body is compared by value', async () => {
    const one = await idOf('k', '{"a":1,"b":2}');
    expect(await idOf('k', '{"b":2, "a":1}')).toEqual(one);
    expect((await idOf('k', '{"a":2}'))?.id).toBe(one?.id);
    expect((await idOf('k', '{"a":2}'))?.bodyHash).not.toBe(one?.bodyHash);
    expect((await idOf('other', '{"a":1,"b":2}'))?.id).not.toBe(one?.id);
    expect((await idOf('k', '{"a":1,"b":2}', { ...actor, id: 't2' }))?.id).not.toBe(one?.id);
    const person: Actor = { kind: 'person', id: 't1', name: 'P', role: 'viewer', scope: fullScope };
    expect((await idOf('k', '{"a":1,"b":2}', person))?.id).not.toBe(one?.id);
  });

  test('means nothing where nothing is changed: each asks anew', async () => {
    by = { actor, cookie: false };
    const response = await ask('/things/weigh', { method: 'POST', headers: { 'idempotency-key': '' } });
    expect([response.status, lastContext?.idempotency]).toEqual([200, undefined]);
  });

  test.each(['', 'x'.repeat(201)])('of a length out of bounds is refused: %j', async (key) => {
    const response = await send('{}', { 'idempotency-key': key });
    expect(await response.json()).toMatchObject({ status: 400, errors: [{ path: 'Idempotency-Key' }] });
  });
});

describe('an answer that is the same for everybody', () => {
  const read = async (path: string) => (await ask(path)).json() as Promise<{ made: number }>;

  test('is made once for all who ask at once, in however many ways they write it', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    release.promise = promise;
    const asked = ['/shared/a', '/shared/a?size=1', '/shared/a?size=01&noise=7', '/shared/a?noise=8'].map(read);
    resolve();
    expect(new Set((await Promise.all(asked)).map((answer) => answer.made))).toEqual(new Set([1]));
    expect((await read('/shared/a?size=2')).made).toBe(2);
    expect((await read('/shared/b')).made).toBe(3);
  });

  test('does not depend on the one who asked first staying', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    release.promise = promise;
    const gone = new AbortController();
    const first = ask('/shared/a', { signal: gone.signal });
    const second = read('/shared/a');
    gone.abort();
    resolve();
    expect((await second).made).toBe(1);
    await first;
  });

  test('is still weighed for each caller, and a refusal is written down', async () => {
    expect((await ask('/shared/secret')).status).toBe(200);
    by = { actor: { ...actor, scope: { ...fullScope, services: ['other'] } }, cookie: false };
    expect((await ask('/shared/secret')).status).toBe(403);
    expect(refused).toEqual(['things.see auth.scope_too_narrow']);
  });

  test('is made anew for whoever reaches less: it may leave out what is beyond', async () => {
    expect((await read('/shared/a')).made).toBe(1);
    by = { actor: { ...actor, scope: { ...fullScope, services: ['other'] } }, cookie: false };
    expect((await read('/shared/a')).made).toBe(2);
    expect((await read('/shared/a')).made).toBe(2);
    by = { actor, cookie: false };
    expect((await read('/shared/a')).made).toBe(1);
  });

  test('is refused to nobody before it is looked for', async () => {
    await ask('/shared/a');
    by = null;
    expect((await ask('/shared/a')).status).toBe(401);
  });
});
