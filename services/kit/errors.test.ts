import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { UpstreamError } from './client/errors.ts';
import { Problem } from './problem.ts';
import type { Server } from './server.ts';
import { type TestServer, testServer } from './testing/server.ts';
import { pathId, queryInteger, text } from './validation.ts';

let server: TestServer;
let app: Server;

beforeAll(async () => {
  server = await testServer(
    (routes) => {
      const body = z.strictObject({
        name: text(1, 10),
        items: z.array(z.strictObject({ quantity: z.number().int() })),
      });
      routes.post('/things', { schema: { body } }, async (request) => request.body);
      routes.get(
        '/things',
        { schema: { querystring: z.strictObject({ limit: queryInteger(1, 5).default(3) }) } },
        async (request) => request.query,
      );
      routes.get('/things/:id', { schema: { params: z.object({ id: pathId }) } }, async (request) => request.params);
      routes.get('/conflict', async () => {
        throw new Problem(409, 'thing.taken', 'The thing is taken.', { extra: { thingId: '7' } });
      });
      routes.get('/bug', async () => {
        throw new TypeError('secret detail of the inside');
      });
      routes.get('/database', async () => {
        throw Object.assign(new Error('the database system is shutting down'), { code: '57P03' });
      });
      routes.get('/upstream/:failure', async (request) => {
        const { failure } = request.params as { failure: string };
        const status = Number(failure);
        throw status
          ? new UpstreamError('payment', 'status', 'x', { status })
          : new UpstreamError('payment', failure as 'timeout', 'x');
      });
    },
    { bodyLimitBytes: 2_048 },
  );
  app = server.app;
});
afterAll(() => app.close());

const post = (payload: string, type = 'application/json') =>
  app.inject({ method: 'POST', url: '/things', payload, headers: { 'content-type': type } });

describe('bad input', () => {
  it('is answered with 400 and every field that is wrong', async () => {
    const answer = await post(JSON.stringify({ name: '', items: [{ quantity: 1.5 }], extra: true }));
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      code: 'request.invalid',
    });
    expect(answer.json().errors.map((error: { path: string }) => error.path)).toEqual([
      'name',
      'items[0].quantity',
      'extra',
    ]);
  });

  it.each([
    ['{"name":', 'application/json', 400, 'request.malformed_json'],
    ['', 'application/json', 400, 'request.empty_body'],
    ['null', 'application/json', 400, 'request.invalid'],
    ['[]', 'application/json', 400, 'request.invalid'],
    ['name=x', 'application/x-www-form-urlencoded', 415, 'request.media_type'],
    [JSON.stringify({ name: 'x'.repeat(3_000) }), 'application/json', 413, 'request.too_large'],
    ['{"name":"a\\u0000b","items":[]}', 'application/json', 400, 'request.invalid'],
    ['{"__proto__":{"a":1},"name":"x","items":[]}', 'application/json', 400, 'request.malformed_json'],
  ])('%s as %s is a %i', async (payload, type, status, code) => {
    const answer = await post(payload, type);
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  });

  it('in the query names the parameter', async () => {
    const answer = await app.inject('/things?limit=lots&page=1');
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors).toEqual([
      { path: 'limit', code: 'invalid_format', message: 'must be an integer' },
      { path: 'page', code: 'unknown_field', message: 'is not a known field' },
    ]);
  });

  it('in the path is a thing that does not exist', async () => {
    expect((await app.inject('/things/%00')).statusCode).toBe(404);
    expect((await app.inject("/things/1'--")).statusCode).toBe(404);
  });

  it('a path that cannot be decoded is a 400', async () => {
    const answer = await app.inject('/things/%zz');
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'request.bad_url']);
  });

  it('an unknown route is a 404 problem', async () => {
    const answer = await app.inject('/nowhere?secret=1');
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'request.no_route']);
    expect(answer.body).not.toContain('secret');
  });
});

describe('failures', () => {
  it('keep their own problem, with what it adds', async () => {
    const answer = await app.inject('/conflict');
    expect(answer.json()).toMatchObject({ status: 409, code: 'thing.taken', thingId: '7', errors: [] });
  });

  it('of our own tell nothing of the inside and are logged', async () => {
    const answer = await app.inject('/bug');
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toMatch(/secret detail|TypeError|errors\.test/);
    expect(server.lines.some((line) => JSON.stringify(line).includes('secret detail of the inside'))).toBe(true);
  });

  it('of the database are a 503 that says when to come back', async () => {
    const answer = await app.inject('/database');
    expect([answer.statusCode, answer.json().code, answer.headers['retry-after']]).toEqual([
      503,
      'dependency.unavailable',
      '2',
    ]);
  });

  it.each([
    ['connect', 503],
    ['no_instance', 503],
    ['circuit_open', 503],
    ['timeout', 504],
    ['deadline', 504],
    ['connection_lost', 502],
    ['bad_response', 502],
    ['500', 502],
    ['503', 503],
    ['504', 504],
    ['404', 502],
  ])('of a called service: %s becomes %i', async (failure, status) => {
    const answer = await app.inject(`/upstream/${failure}`);
    expect(answer.statusCode).toBe(status);
    expect(answer.json().detail).toContain('payment');
    expect(answer.headers['retry-after']).toBe(status === 503 ? '2' : undefined);
  });
});
