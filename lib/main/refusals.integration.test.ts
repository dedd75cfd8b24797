import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { cookieNames } from '#lib/auth/index.ts';
import { makePerson, makeToken, type TestToken } from '#lib/auth/testing/accounts.ts';
import { type Role, roles } from '#lib/core/actor.ts';
import { errorCodes } from '#lib/core/errors.ts';
import { db } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import type { RouteDefinition } from '#lib/http/index.ts';
import { api } from './api.ts';
import { routes } from './routes.ts';
import { type Asked, addressOf, hostileTexts, replaced, specimen, withText, wrongTypes } from './testing/specimens.ts';

vi.stubEnv('LOG_LEVEL', 'fatal');

const origin = 'http://localhost:3000';
let done: () => Promise<void>;
let cookies: Record<Role, string>;
let tokens: Record<Role, TestToken>;
let reading: TestToken;

beforeAll(async () => {
  done = await useTestDatabase({
    QD_PUBLIC_URL: origin,
    PROMETHEUS_URL: '',
    ALERTMANAGER_URL: '',
    SUPERVISOR_URL: '',
    OTLP_URL: '',
  });
  const each = async <T>(make: (role: Role) => Promise<T>) =>
    Object.fromEntries(await Promise.all(roles.map(async (role) => [role, await make(role)]))) as Record<Role, T>;
  cookies = await each(async (role) => {
    const { id } = await makePerson(role);
    const token = await encode({ token: { sub: id, sessionVersion: 1 }, secret: process.env.QD_SECRET ?? '' });
    return `${cookieNames().session}=${token}`;
  });
  tokens = await each((role) => makeToken(role));
  reading = await makeToken('admin', { scope: { access: 'read' } });
});
beforeEach(() => db().throttle.deleteMany());
afterAll(() => done());

const session = (role: Role) => ({ cookie: cookies[role], origin });

interface Sent {
  headers?: Record<string, string>;
  /** As it stands, where it is no JSON. */
  raw?: BodyInit;
  method?: string;
}

async function send(route: Pick<RouteDefinition, 'method'>, asked: Asked, { headers = {}, raw, method }: Sent = {}) {
  const verb = method ?? route.method.toUpperCase();
  const body = raw ?? (asked.body === undefined || verb === 'GET' ? undefined : JSON.stringify(asked.body));
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const init: RequestInit = { method: verb, headers: { ...type, ...headers }, body };
  const response = await api().fetch(new Request(addressOf(asked), init));
  const text = await response.text();
  return { response, status: response.status, text, problem: problemOf(response, text) };
}

interface Problem {
  code?: string;
  status?: number;
  errors?: { path: string }[];
}

/** What the contract says of every error; the problem itself. */
function problemOf(response: Response, text: string): Problem {
  if (response.status < 400 || text === '') return {};
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const problem = JSON.parse(text);
  expect(Object.keys(errorCodes)).toContain(problem.code);
  expect(problem.status).toBe(response.status);
  expect(problem.requestId).toBe(response.headers.get('x-request-id'));
  expect(text).not.toMatch(/prisma|node_modules|\.ts:\d|invocation|SQLSTATE|postgresql:/i);
  return problem;
}

/** Answers below 500; a source that is not configured here may say so. */
function expectSane({ status, problem }: { status: number; problem: Problem }, what: string): void {
  const away = status === 503 && problem.code?.startsWith('source.');
  expect(status < 500 || away ? 'sane' : `${status} ${problem.code} for ${what}`).toBe('sane');
}

const audited = (requestId: string | null) => db().auditRecord.findMany({ where: { requestId } });
const below = (route: RouteDefinition) => {
  const { role } = route.verb;
  return role === 'anyone' ? [] : roles.slice(0, roles.indexOf(role));
};
const unsafe = (route: RouteDefinition) => route.method !== 'get';

describe.each(routes.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
  '%s',
  (_, route) => {
    const open = route.verb.role === 'anyone';
    const right = specimen(route);
    const asAdmin = () => session('admin');

    test('refuses whoever is nobody', async () => {
      const expired = await makeToken('admin', { expiresAt: new Date(Date.now() - 1_000) });
      const revoked = await makeToken('admin', { revokedAt: new Date() });
      const nobody: Record<string, string>[] = [
        {},
        { authorization: 'Bearer qd_wrong' },
        { authorization: 'Basic YWRtaW46YWRtaW4=' },
        expired.bearer,
        revoked.bearer,
        { cookie: `${cookieNames().session}=forged`, origin },
      ];
      for (const headers of nobody) {
        await db().throttle.deleteMany();
        const { status, problem, response } = await send(route, right, { headers });
        if (open) expect([status, problem.code]).toEqual([403, 'auth.setup_token_wrong']);
        else {
          expect([status, problem.code]).toEqual([401, 'auth.unauthenticated']);
          expect(response.headers.get('www-authenticate')).toBe('Bearer');
        }
      }
    });

    test('refuses every role below its own, by session and by token, and writes that down', async () => {
      for (const role of below(route)) {
        for (const headers of [session(role), tokens[role].bearer]) {
          const { status, problem, response } = await send(route, right, { headers });
          const code = route.verb.peopleOnly && 'authorization' in headers ? 'auth.token_cannot' : 'auth.role_too_low';
          expect([role, status, problem.code]).toEqual([role, 403, code]);
          expect(await audited(response.headers.get('x-request-id'))).toMatchObject([
            { verb: route.verb.id, outcome: 'refused', code },
          ]);
        }
      }
    });

    test('refuses a token what only people may do, and one that may only read a change', async () => {
      if (route.verb.peopleOnly) {
        const { status, problem } = await send(route, right, { headers: tokens.admin.bearer });
        expect([status, problem.code]).toEqual([403, 'auth.token_cannot']);
      } else if (route.verb.changes && !open) {
        const { status, problem, response } = await send(route, right, { headers: reading.bearer });
        expect([status, problem.code]).toEqual([403, 'auth.scope_too_narrow']);
        expect(await audited(response.headers.get('x-request-id'))).toHaveLength(1);
      } else if (!open) {
        const { problem } = await send(route, right, { headers: reading.bearer });
        expect(problem.code).not.toBe('auth.scope_too_narrow');
      }
    });

    test('refuses a change that another site sends with the cookie, and writes that down', async () => {
      if (!unsafe(route)) return;
      for (const headers of [
        {},
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: 'http://localhost:3001' },
      ]) {
        const sent = await send(route, right, {
          headers: { cookie: cookies.admin, ...headers } as Record<string, string>,
        });
        expect([sent.status, sent.problem.code]).toEqual([403, 'request.origin_refused']);
        expect(await audited(sent.response.headers.get('x-request-id'))).toMatchObject([{ outcome: 'refused' }]);
      }
    });

    test('refuses a body that cannot be read', async () => {
      if (!unsafe(route)) return;
      const cases: [string, BodyInit, string, number, string][] = [
        ['no JSON', '{"a":', 'application/json', 400, 'request.malformed'],
        ['no UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), 'application/json', 400, 'request.malformed'],
        ['another type', 'a=1', 'application/x-www-form-urlencoded', 415, 'request.unsupported_type'],
        ['text', '{}', 'text/plain', 415, 'request.unsupported_type'],
        ['1 MB', JSON.stringify({ name: 'x'.repeat(2 ** 20) }), 'application/json', 413, 'request.too_large'],
        ['too deep', `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`, 'application/json', 400, 'request.invalid'],
      ];
      for (const [what, raw, type, status, code] of cases) {
        const sent = await send(route, right, { headers: { ...asAdmin(), 'content-type': type }, raw });
        expect([what, sent.status, sent.problem.code]).toEqual([what, status, code]);
      }
    });

    test('names the field whose type is wrong', async () => {
      if (!route.body) return;
      for (const { field, value } of wrongTypes(route)) {
        const asked = { ...right, body: replaced(right.body, [field], value) };
        const { status, problem } = await send(route, asked, { headers: asAdmin() });
        const paths = problem.errors?.map(({ path }) => path.split(/[.[]/)[0]);
        expect([field, value, status, paths]).toEqual([field, value, 400, expect.arrayContaining([field])]);
      }
      for (const body of [[], 'text', 5, true, [right.body]]) {
        const { status, problem } = await send(route, { ...right, body }, { headers: asAdmin() });
        expect([body, status, problem.code]).toEqual([body, 400, 'request.invalid']);
      }
      const extra = { ...right, body: { ...(right.body as object), unheard_of: 1 } };
      expect((await send(route, extra, { headers: asAdmin() })).status).toBe(400);
      // Where every field may be left out, so may the body.
      for (const raw of route.body.safeParse({}).success ? [] : ['', 'null', '{}']) {
        const { status } = await send(route, right, { headers: asAdmin(), raw });
        expect([raw, status]).toEqual([raw, 400]);
      }
    });

    test('takes hostile text anywhere without falling over', async () => {
      for (const text of hostileTexts) {
        await Promise.all(
          withText(route, text).map(async ({ at, asked }) =>
            expectSane(
              await send(route, asked, { headers: asAdmin() }),
              `${JSON.stringify(text.slice(0, 40))} in ${at}`,
            ),
          ),
        );
        await db().throttle.deleteMany();
      }
    });

    test('refuses U+0000 and half a surrogate pair in any text, naming where', async () => {
      for (const text of ['a\u0000b', 'a\ud800b', '\udc00']) {
        for (const { at, asked } of withText(route, text)) {
          const sent = await send(route, asked, { headers: asAdmin() });
          const [kind, name] = at.split(' ');
          if (kind !== 'body' && !text.includes('\u0000')) {
            expectSane(sent, at); // an address cannot carry half a pair: what arrives is the replacement character
            continue;
          }
          expect([at, sent.status]).toEqual([at, 400]);
          expect(sent.problem.errors?.[0]?.path.replace(/\[(\d+)\]/g, '.$1')).toBe(name);
        }
      }
    });

    test('takes an answer that is in its own schema', async () => {
      const sent = await send(route, right, { headers: asAdmin() });
      expectSane(sent, 'its own example');
      if (sent.status >= 300 || !route.response) return;
      if (route.responseType) expect(sent.response.headers.get('content-type')).toContain(route.responseType);
      const parsed = route.response.safeParse(route.responseType ? sent.text : JSON.parse(sent.text));
      expect(parsed.error?.issues ?? []).toEqual([]);
    });

    test('answers other methods with what it takes', async () => {
      const here = routes.filter(({ path }) => path === route.path).map(({ method }) => method.toUpperCase());
      const takes = [...here, ...(here.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].toSorted();
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND']) {
        if (here.includes(method)) continue;
        const { status, response, problem } = await send(
          route,
          { ...right, body: undefined },
          { method, headers: asAdmin() },
        );
        if (method === 'HEAD' && here.includes('GET')) {
          expect(status).not.toBe(405);
          continue;
        }
        expect(response.headers.get('allow')?.split(', ').toSorted()).toEqual(takes);
        expect([method, status]).toEqual([method, method === 'OPTIONS' ? 204 : 405]);
        if (method !== 'HEAD' && method !== 'OPTIONS') expect(problem.code).toBe('request.method_not_allowed');
      }
    });
  },
);

test.each(['/nothing', '/me/', '/people/', '/services/a/b/c', '/%00', '/..%2f..%2fetc%2fpasswd', '/MeE', '/'])(
  'there is nothing at %s',
  async (path) => {
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
      const { status, problem } = await send({ method: 'get' }, { path, query: {}, body: undefined }, { method });
      expect([method, status, problem.code]).toEqual([method, 404, 'request.not_found']);
    }
  },
);

test('nothing that was tried has changed who may do what', async () => {
  const people = await db().person.findMany();
  expect(people.filter(({ role, email }) => role === 'admin' && !email.endsWith('@example.com'))).toEqual([]);
  expect(await db().auditRecord.count()).toBeGreaterThan(routes.length);
});
