import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { runWithRequest } from '../context.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import { staticDiscovery } from '../registry/discovery.ts';
import { freePort } from '../testing/process.ts';
import { answerJson, startUpstream, type Upstream } from '../testing/upstream.ts';
import { type Client, type ClientOptions, createClient } from './client.ts';
import { UpstreamError } from './errors.ts';

let metrics: Metrics;
const closing: { close(): Promise<void> }[] = [];

beforeEach(() => {
  metrics = createMetrics({ process: false });
});
afterEach(async () => {
  for (const each of closing.splice(0)) await each.close();
});

const upstream = async (handle: Parameters<typeof startUpstream>[0]): Promise<Upstream> => {
  const started = await startUpstream(handle);
  closing.push(started);
  return started;
};
const clientOf = (origins: string[], options: Partial<ClientOptions> = {}): Client => {
  const client = createClient({
    service: 'product',
    discovery: staticDiscovery({ product: origins }),
    metrics,
    backoff: { baseMs: 1, maxMs: 5 },
    ...options,
  });
  closing.unshift(client);
  return client;
};
const failureOf = async (promise: Promise<unknown>): Promise<UpstreamError> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UpstreamError);
  return error as UpstreamError;
};
const get = { method: 'GET', path: '/things' } as const;
const schema = z.object({ name: z.string() });
const exposed = () => metrics.metrics();

describe('a call', () => {
  it('gives the body as its schema has it', async () => {
    const { origin } = await upstream((response) => answerJson(response, 200, { name: 'kettle', more: 1 }));
    expect(await clientOf([origin]).json(schema, get)).toEqual({ name: 'kettle' });
  });

  it('carries correlation id and the time that is left', async () => {
    const { origin, requests } = await upstream((response) => answerJson(response, 200, {}));
    const client = clientOf([origin], { timeoutMs: 5_000 });
    await runWithRequest({ correlationId: 'abc-1', deadlineAtMs: performance.now() + 800 }, () => client.send(get));
    expect(requests[0]?.headers['x-correlation-id']).toBe('abc-1');
    const leftMs = Number(requests[0]?.headers['x-request-timeout-ms']);
    expect(leftMs).toBeGreaterThan(500);
    expect(leftMs).toBeLessThanOrEqual(800);
  });

  it('passes refusals back from send, and throws them with their problem from json', async () => {
    const { origin, requests } = await upstream((response) => answerJson(response, 409, { code: 'thing.taken' }));
    const client = clientOf([origin]);
    expect((await client.send(get)).status).toBe(409);
    expect(await failureOf(client.json(schema, get))).toMatchObject({
      failure: 'status',
      status: 409,
      code: 'thing.taken',
    });
    expect(requests).toHaveLength(2);
  });

  it('refuses an answer that is not as agreed', async () => {
    const { origin } = await upstream((response) => answerJson(response, 200, { title: 'kettle' }));
    expect((await failureOf(clientOf([origin]).json(schema, get))).failure).toBe('bad_response');
  });
});

describe('retries', () => {
  it('try an idempotent call again until it succeeds', async () => {
    const { origin, requests } = await upstream((response, count) => answerJson(response, count < 3 ? 503 : 200, {}));
    expect((await clientOf([origin]).send(get)).status).toBe(200);
    expect(requests).toHaveLength(3);
    expect(await exposed()).toContain('http_client_retries_total{peer_service="product"} 2');
  });

  it('never repeat a call that may not be sent twice', async () => {
    const { origin, requests } = await upstream((response) => answerJson(response, 503, {}));
    await failureOf(clientOf([origin]).send({ method: 'POST', path: '/things', body: {} }));
    expect(requests).toHaveLength(1);
  });

  it('leave a 500 alone: what broke once breaks again', async () => {
    const { origin, requests } = await upstream((response) => answerJson(response, 500, {}));
    await failureOf(clientOf([origin]).send(get));
    expect(requests).toHaveLength(1);
  });

  it('repeat a POST that is declared idempotent', async () => {
    const { origin, requests } = await upstream((response, count) => answerJson(response, count < 2 ? 503 : 201, {}));
    const client = clientOf([origin]);
    expect((await client.send({ method: 'POST', path: '/things', body: { a: 1 }, idempotent: true })).status).toBe(201);
    expect(requests.map((request) => request.body)).toEqual(['{"a":1}', '{"a":1}']);
  });

  it('stay within their budget', async () => {
    const { origin, requests } = await upstream((response) => answerJson(response, 503, {}));
    const client = clientOf([origin], { breaker: false });
    for (let call = 0; call < 40; call++) await failureOf(client.send(get));
    // 40 calls, a reserve of 10, and a fifth of the calls on top: not the 80 retries that three attempts would make.
    expect(requests.length).toBeGreaterThan(50);
    expect(requests.length).toBeLessThanOrEqual(40 + 10 + 8);
    expect(await exposed()).toMatch(/http_client_retry_budget_exhausted_total\{peer_service="product"\} [1-9]/);
  });

  it('go to another instance when one cannot be reached', async () => {
    const { origin, requests } = await upstream((response) => answerJson(response, 200, {}));
    const dead = `http://127.0.0.1:${await freePort()}`;
    const client = clientOf([dead, origin]);
    for (let call = 0; call < 20; call++) expect((await client.send(get)).status).toBe(200);
    expect(requests).toHaveLength(20);
  });

  it('end when the caller stops waiting', async () => {
    const { origin, requests } = await upstream((response) => answerJson(response, 503, {}));
    const client = clientOf([origin], { backoff: { baseMs: 10_000, maxMs: 10_000 } });
    await runWithRequest({ correlationId: 'a', deadlineAtMs: performance.now() + 5 }, () =>
      failureOf(client.send(get)),
    );
    expect(requests.length).toBeLessThanOrEqual(1);
  });
});

describe('time', () => {
  it('ends an attempt that takes too long', async () => {
    const { origin } = await upstream(() => {});
    const startedAtMs = performance.now();
    const error = await failureOf(clientOf([origin], { timeoutMs: 60, attempts: 1 }).send(get));
    expect(error.failure).toBe('timeout');
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  });

  it('covers the body, not only the headers', async () => {
    const { origin } = await upstream((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"name":');
    });
    expect((await failureOf(clientOf([origin], { timeoutMs: 60, attempts: 1 }).send(get))).failure).toBe('timeout');
  });

  it('is that of the caller when that is shorter, and then no failure of the called', async () => {
    const { origin } = await upstream(() => {});
    const client = clientOf([origin], { timeoutMs: 5_000, attempts: 1 });
    const error = await runWithRequest({ correlationId: 'a', deadlineAtMs: performance.now() + 60 }, () =>
      failureOf(client.send(get)),
    );
    expect(error.failure).toBe('deadline');
  });
});

describe('the circuit breaker', () => {
  it('opens after repeated failures, asks nobody while open, and closes again', async () => {
    let broken = true;
    const { origin, requests } = await upstream((response) => answerJson(response, broken ? 500 : 200, {}));
    const client = clientOf([origin], { attempts: 1, breaker: { minimumRps: 0, windowMs: 1_000, restMs: 100 } });
    for (let call = 0; call < 10; call++) await failureOf(client.send(get));
    const asked = requests.length;
    expect((await failureOf(client.send(get))).failure).toBe('circuit_open');
    expect(requests).toHaveLength(asked);
    expect(await exposed()).toContain('http_client_circuit_breaker_state{peer_service="product",state="open"} 1');
    expect(await exposed()).toMatch(/http_client_circuit_breaker_opens_total\{peer_service="product"\} 1/);

    broken = false;
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect((await client.send(get)).status).toBe(200);
    expect(await exposed()).toContain('http_client_circuit_breaker_state{peer_service="product",state="closed"} 1');
  });

  it('does not mind refusals', async () => {
    const { origin, requests } = await upstream((response) => answerJson(response, 404, {}));
    const client = clientOf([origin], { breaker: { minimumRps: 0, windowMs: 1_000 } });
    for (let call = 0; call < 30; call++) await client.send(get);
    expect(requests).toHaveLength(30);
  });
});

describe('the measure at the caller', () => {
  const count = 'http_client_request_duration_seconds_count';

  it('has every answer', async () => {
    const { origin } = await upstream((response, asked) => answerJson(response, asked === 1 ? 503 : 200, {}));
    await clientOf([origin]).send(get);
    expect(await exposed()).toContain(
      `${count}{peer_service="product",http_request_method="GET",http_response_status_code="503",error_type="503"} 1`,
    );
    expect(await exposed()).toContain(
      `${count}{peer_service="product",http_request_method="GET",http_response_status_code="200",error_type=""} 1`,
    );
  });

  it('has connections that failed, calls without an instance, and calls that the breaker kept back', async () => {
    const dead = `http://127.0.0.1:${await freePort()}`;
    await failureOf(clientOf([dead], { attempts: 1 }).send(get));
    await failureOf(clientOf([]).send(get));
    const breaking = clientOf([dead], { attempts: 1, breaker: { minimumRps: 0, windowMs: 1_000 } });
    for (let call = 0; call < 20; call++) await failureOf(breaking.send(get));
    for (const failure of ['connect', 'no_instance', 'circuit_open']) {
      expect(await exposed()).toMatch(
        new RegExp(
          `${count}\\{peer_service="product",http_request_method="GET",http_response_status_code="",error_type="${failure}"\\} [1-9]`,
        ),
      );
    }
  });

  it('has series of failure before the first one', async () => {
    clientOf([]);
    expect(await exposed()).toContain(
      `${count}{peer_service="product",http_request_method="GET",http_response_status_code="",error_type="connect"} 0`,
    );
  });
});
