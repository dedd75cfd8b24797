import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemSchema } from '#contracts/common.ts';
import { createClient } from '#kit/client/client.ts';
import { staticDiscovery } from '#kit/registry/discovery.ts';
import type { Server } from '#kit/server.ts';
import { freePort } from '#kit/testing/process.ts';
import { type TestTools, testTools } from '#kit/testing/server.ts';
import { answerJson, startUpstream, type Upstream } from '#kit/testing/upstream.ts';
import { buildApp, type GatewayAppOptions } from './app.ts';
import { ReadCache } from './read-cache.ts';

const KEY = 'key-of-web-0123456789';
const list = { items: [], nextCursor: null };

let tools: TestTools;
let app: Server;
let behind: Upstream;
let handle: Parameters<typeof startUpstream>[0];
const opened: { close(): Promise<unknown> }[] = [];

beforeEach(async () => {
  handle = (response) => answerJson(response, 200, list);
  behind = await startUpstream((...args) => handle(...args));
  opened.push(behind);
  app = await open();
});
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

const open = async (options: Partial<GatewayAppOptions> & { ttlMs?: number; origin?: string } = {}) => {
  tools = await testTools();
  const { metrics } = tools;
  const origin = options.origin ?? behind.origin;
  const discovery = staticDiscovery({ product: [origin], order: [origin], payment: [origin] });
  const client = (service: string) => {
    const made = createClient({ service, discovery, metrics, attempts: 1, timeoutMs: 300 });
    opened.push(made);
    return made;
  };
  const made = await buildApp({
    ...tools,
    product: client('product'),
    order: client('order'),
    payment: client('payment'),
    cache: new ReadCache({ metrics, ttlMs: options.ttlMs ?? 1_000, maxEntries: 100 }),
    apiKeys: `web:${KEY},app:key-of-app-0123456789`,
    rateLimitPerSecond: 1_000,
    ...options,
  });
  opened.push(made);
  return made;
};
const get = (url: string, headers: Record<string, string> = {}) =>
  app.inject({ url, headers: { 'x-api-key': KEY, ...headers } });
const order = (payload: unknown, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/api/orders',
    payload: payload as object,
    headers: { 'x-api-key': KEY, ...headers },
  });

describe('the API key', () => {
  it.each([
    {},
    { 'x-api-key': 'wrong-key-0123456789' },
    { 'x-api-key': '' },
    { authorization: 'Basic x' },
    { authorization: 'Bearer wrong-key-0123456789' },
  ])('refuses %j with 401 and asks nobody', async (headers) => {
    for (const url of ['/api/products', '/api/products/prd_0001', '/api/orders/1', '/api/charges/1']) {
      const answer = await app.inject({ url, headers: headers as Record<string, string> });
      expect([answer.statusCode, answer.json().code]).toEqual([401, 'gateway.api_key']);
    }
    expect(behind.requests).toHaveLength(0);
  });

  it('is taken as header or as bearer token', async () => {
    expect((await get('/api/products')).statusCode).toBe(200);
    expect((await app.inject({ url: '/api/products', headers: { authorization: `Bearer ${KEY}` } })).statusCode).toBe(
      200,
    );
  });
});

describe('the rate limit', () => {
  it('answers 429 with Retry-After, for each key by itself', async () => {
    app = await open({ rateLimitPerSecond: 3 });
    const statuses: number[] = [];
    for (let count = 0; count < 5; count++) statuses.push((await get('/api/products')).statusCode);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(1);
    const refused = await get('/api/products');
    expect(problemSchema.parse(refused.json()).code).toBe('gateway.rate_limit');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect((await get('/api/products', { 'x-api-key': 'key-of-app-0123456789' })).statusCode).toBe(200);
  });
});

describe('routes', () => {
  it.each([
    '/simulate/incident',
    '/api/simulate/incident',
    '/api/charges',
    '/api/reservations/r1',
    '/products',
    '/orders',
    '/api',
  ])('%s leads nowhere', async (url) => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE'] as const) {
      const answer = await app.inject({ method, url, headers: { 'x-api-key': KEY } });
      expect(answer.statusCode).toBe(404);
    }
    expect(behind.requests).toHaveLength(0);
  });

  it.each(['/api/products/..%2Fsimulate%2Fincident', '/api/orders/%2e%2e', '/api/charges/x%3Fy', "/api/orders/1'--"])(
    '%s is a thing that does not exist, and nobody is asked',
    async (url) => {
      expect((await get(url)).statusCode).toBe(404);
      expect(behind.requests).toHaveLength(0);
    },
  );

  it('hand on who calls, the correlation id and the idempotency key, and point back to themselves', async () => {
    handle = (response) => {
      response.writeHead(201, { 'content-type': 'application/json', location: '/orders/7' }).end('{"id":"7"}');
    };
    const answer = await order({ items: [] }, { 'idempotency-key': 'abcdefgh-1', 'x-correlation-id': 'corr-1' });
    expect([answer.statusCode, answer.headers.location, answer.json()]).toEqual([201, '/api/orders/7', { id: '7' }]);
    expect(behind.requests[0]).toMatchObject({ method: 'POST', url: '/orders', body: '{"items":[]}' });
    expect(behind.requests[0]?.headers).toMatchObject({
      'x-client': 'web',
      'idempotency-key': 'abcdefgh-1',
      'x-correlation-id': 'corr-1',
    });
    expect(behind.requests[0]?.headers['x-api-key']).toBeUndefined();
  });

  it('pass refusals on as they are', async () => {
    handle = (response) => answerJson(response, 409, { code: 'order.out_of_stock' });
    expect((await order({})).json()).toEqual({ code: 'order.out_of_stock' });
    expect((await get('/api/orders/7')).statusCode).toBe(409);
  });

  it('refuse what is no JSON or too large before asking anybody', async () => {
    const post = (payload: string) =>
      app.inject({
        method: 'POST',
        url: '/api/orders',
        payload,
        headers: { 'x-api-key': KEY, 'content-type': 'application/json' },
      });
    expect((await post('{')).statusCode).toBe(400);
    expect((await post(JSON.stringify('x'.repeat(1_000_000)))).statusCode).toBe(413);
    expect(behind.requests).toHaveLength(0);
  });
});

describe('failures behind', () => {
  it.each([
    [500, 502],
    [502, 502],
    [503, 503],
    [504, 504],
  ])('%i becomes %i, and nothing of the inside is told', async (status, expected) => {
    handle = (response) => answerJson(response, status, { stack: 'secret inside' });
    for (const answer of [await get('/api/products'), await get('/api/orders/7'), await order({})]) {
      expect(answer.statusCode).toBe(expected);
      expect(problemSchema.parse(answer.json()).status).toBe(expected);
      expect(answer.body).not.toContain('secret inside');
    }
  });

  it('too slow becomes 504', async () => {
    handle = () => {};
    expect((await get('/api/products')).statusCode).toBe(504);
  });

  it('not there becomes 503 with Retry-After', async () => {
    app = await open({ origin: `http://127.0.0.1:${await freePort()}` });
    const answer = await get('/api/products');
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '2']);
  });

  it('broken off becomes 502', async () => {
    handle = (response) => response.destroy();
    expect((await get('/api/orders/7')).statusCode).toBe(502);
  });
});

describe('cached reads', () => {
  it('are answered without asking again', async () => {
    const first = await get('/api/products?limit=5');
    const second = await get('/api/products?limit=5');
    expect([first.headers['x-cache'], second.headers['x-cache']]).toEqual(['miss', 'hit']);
    expect(second.json()).toEqual(list);
    expect(second.headers['content-type']).toContain('application/json');
    expect(behind.requests).toHaveLength(1);
    await get('/api/products?limit=6');
    expect(behind.requests).toHaveLength(2);
  });

  it('that arrive together are one request behind', async () => {
    handle = (response) => void setTimeout(() => answerJson(response, 200, list), 50);
    const answers = await Promise.all(Array.from({ length: 20 }, () => get('/api/products')));
    expect(answers.every((answer) => answer.statusCode === 200)).toBe(true);
    expect(behind.requests).toHaveLength(1);
    const { body } = await app.inject({ url: '/metrics', headers: { accept: 'application/openmetrics-text' } });
    expect(body).toContain('cache_requests_total{cache="gateway",result="shared"} 19');
  });

  it('are asked for anew after their time to live', async () => {
    app = await open({ ttlMs: 20 });
    await get('/api/products');
    await new Promise((resolve) => setTimeout(resolve, 40));
    await get('/api/products');
    expect(behind.requests).toHaveLength(2);
  });

  it('answer 304 to who has the same already', async () => {
    const { headers } = await get('/api/products');
    const again = await get('/api/products', { 'if-none-match': String(headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  it('keep no failure and no refusal', async () => {
    handle = (response, count) => answerJson(response, count === 1 ? 500 : count === 2 ? 404 : 200, list);
    expect(
      [await get('/api/products'), await get('/api/products'), await get('/api/products')].map(
        (each) => each.statusCode,
      ),
    ).toEqual([502, 404, 200]);
  });

  it('are never made of orders', async () => {
    handle = (response) => answerJson(response, 200, { state: 'charging' });
    for (let count = 0; count < 2; count++)
      expect((await get('/api/orders/7')).headers['cache-control']).toBe('no-store');
    expect(behind.requests).toHaveLength(2);
  });

  it('keep text beyond ASCII whole', async () => {
    handle = (response) => answerJson(response, 200, { name: 'Kännchen ☕' });
    expect((await get('/api/products/a')).json()).toEqual({ name: 'Kännchen ☕' });
    const hit = await get('/api/products/a');
    expect(hit.json()).toEqual({ name: 'Kännchen ☕' });
    expect(Number(hit.headers['content-length'])).toBe(Buffer.byteLength(hit.body));
  });
});
