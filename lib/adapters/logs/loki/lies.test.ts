import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LogQuery } from '../port.ts';
import { type FakeLoki, startFakeLoki } from '../testing/fake-loki.ts';
import { postLogs } from '../testing/otlp.ts';
import { createLoki, type LokiOptions } from './source.ts';

let fake: FakeLoki;
beforeAll(async () => {
  fake = await startFakeLoki();
  await postLogs(`${fake.url}/otlp/v1/logs`, [
    { timeNs: BigInt(Date.now() - 60_000) * 1_000_000n, environment: 'production', service: 'order', body: 'one' },
  ]);
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.requests.length = 0;
  fake.behave(() => false);
});

const open = (change: Partial<LokiOptions> = {}) =>
  createLoki({ id: 'l', name: 'Loki', url: fake.url, timeoutMs: 700, defaultEnvironment: 'production', ...change });
const query = (): LogQuery => ({
  environment: 'production',
  fromNs: BigInt(Date.now() - 3_600_000) * 1_000_000n,
  toNs: BigInt(Date.now()) * 1_000_000n,
  services: [],
  attributes: [],
});
const search = (change: Partial<LokiOptions> = {}) => open(change).search(query(), { limit: 10, order: 'newest' });

type Answer = (response: ServerResponse) => void;
const json = { 'content-type': 'application/json' };
const streams = (result: unknown) => JSON.stringify({ status: 'success', data: { resultType: 'streams', result } });

/** Lies in answers to searches; what comes before them is honest. */
function lie(answer: Answer): void {
  fake.behave((request, response) => {
    if (!request.url?.includes('/query_range')) return false;
    answer(response);
    return true;
  });
}

describe('what a Loki does wrong, in words', () => {
  test.each<[string, Answer, string, string]>([
    ['10 MB of garbage', (r) => r.writeHead(200, json).end('x'.repeat(10 * 1024 * 1024)), 'garbled', "not Loki's API"],
    [
      'a web page',
      (r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>'),
      'garbled',
      'web page',
    ],
    ['nothing', (r) => r.writeHead(200, json).end(), 'garbled', 'with nothing'],
    [
      'half a body',
      (r) => {
        r.writeHead(200, { ...json, 'content-length': 500 });
        r.write('{"status":"success","data"', () => r.destroy());
      },
      'unreachable',
      'broke off',
    ],
    [
      'half a body that ends well',
      (r) => r.writeHead(200, json).end('{"status":"success","da'),
      'garbled',
      'before its end',
    ],
    ['silence', () => {}, 'timeout', 'within 0.7 s'],
    [
      'a trickle',
      (r) => {
        r.writeHead(200, json);
        const drip = setInterval(() => r.write(' '), 100);
        r.on('close', () => clearInterval(drip));
      },
      'timeout',
      'no whole answer',
    ],
    [
      'another type of result',
      (r) => r.writeHead(200, json).end('{"status":"success","data":{"resultType":"vector","result":[]}}'),
      'garbled',
      'not as Loki writes it',
    ],
    [
      'times that are none',
      (r) => r.writeHead(200, json).end(streams([{ stream: {}, values: [['soon', 'x']] }])),
      'garbled',
      'not as Loki writes it',
    ],
    [
      'values of another shape',
      (r) => r.writeHead(200, json).end(streams([{ stream: {}, values: [7] }])),
      'garbled',
      'not as Loki writes it',
    ],
    [
      'labels that are no text',
      (r) => r.writeHead(200, json).end(streams([{ stream: { a: 1 }, values: [] }])),
      'garbled',
      'not as Loki writes it',
    ],
    ['null', (r) => r.writeHead(200, json).end('null'), 'garbled', 'not as Loki writes it'],
    [
      'a refusal of the query',
      (r) => r.writeHead(400, { 'content-type': 'text/plain' }).end('parse error at line 1, col 5'),
      'bad_query',
      'parse error at line 1',
    ],
    ['no tenant', (r) => r.writeHead(401, { 'content-type': 'text/plain' }).end('no org id'), 'refused', 'credentials'],
    ['a closed door', (r) => r.writeHead(403).end(), 'refused', '403'],
    ['a wrong path', (r) => r.writeHead(404).end('404 page not found'), 'garbled', 'no Loki below'],
    ['a redirect', (r) => r.writeHead(302, { location: 'http://192.0.2.1/' }).end(), 'garbled', '302'],
    ['too many requests', (r) => r.writeHead(429).end('too many outstanding requests'), 'unreachable', '429'],
    ['its own timeout', (r) => r.writeHead(504).end('context deadline exceeded'), 'timeout', 'took too long'],
    ['a failure', (r) => r.writeHead(500).end('rpc error: broken'), 'unreachable', 'rpc error: broken'],
    [
      'a failure with a page',
      (r) => r.writeHead(502, { 'content-type': 'text/html' }).end('<html>nginx'),
      'unreachable',
      'without saying why',
    ],
  ])('%s', async (_, answer, kind, words) => {
    lie(answer);
    const failure = await search().catch((error) => error);
    expect(failure).toMatchObject({
      name: 'LogSourceError',
      sourceId: 'l',
      kind,
      detail: expect.stringContaining(words),
    });
    expect(failure.detail.length).toBeLessThan(400);
  });

  test('nobody listens', async () => {
    await expect(search({ url: 'http://127.0.0.1:1' })).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('times far away, unknown levels and long lines are no lies', async () => {
    const long = 'x'.repeat(300_000);
    lie((response) =>
      response.writeHead(200, json).end(
        streams([
          {
            stream: { service_name: 'a', detected_level: 'odd' },
            values: [
              ['1', 'first'],
              ['7258118400000000000', long],
            ],
          },
          { stream: {}, values: [['5', '']] },
        ]),
      ),
    );
    const { lines } = await search();
    expect(lines.map(({ timeNs, level, service }) => [timeNs, level, service])).toEqual([
      [7258118400000000000n, null, 'a'],
      [5n, null, 'unknown_service'],
      [1n, null, 'a'],
    ]);
    expect(lines[0]?.body).toBe(long);
  });
});

test('sends the token and the tenant, asks below the path, and shows no password', async () => {
  const source = open({ url: `${fake.url}/loki-proxy`, token: 't0p', tenant: 'shop' });
  await source.search(query(), { limit: 1, order: 'newest' }).catch(() => undefined);
  expect(fake.requests[0]).toMatchObject({
    path: '/loki-proxy/loki/api/v1/labels',
    headers: { authorization: 'Bearer t0p', 'x-scope-orgid': 'shop' },
  });
  const basic = open({ url: fake.url.replace('//', '//u:p%40ss@') });
  await basic.search(query(), { limit: 1, order: 'newest' });
  expect(fake.requests.at(-1)?.headers.authorization).toBe(`Basic ${btoa('u:p@ss')}`);
  expect(basic.source.url).toBe(fake.url);
});

test('a query too long for an address is sent as a form', async () => {
  const services = Array.from({ length: 400 }, (_, index) => `service-with-a-long-name-${index}`);
  await open().search({ ...query(), services }, { limit: 1, order: 'newest' });
  expect(fake.requests.at(-1)?.params.get('query')).toContain('service-with-a-long-name-399');
  expect(fake.requests.at(-1)?.headers['content-type']).toContain('x-www-form-urlencoded');
});

test('a Loki that mixes everything into the labels is read too', async () => {
  fake.behave((request) => {
    delete request.headers['x-loki-response-encoding-flags'];
    return false;
  });
  lie((response) =>
    response.writeHead(200, json).end(
      streams([
        {
          stream: {
            service_name: 'order',
            deployment_environment_name: 'production',
            http_route: '/a',
            severity_number: '17',
            trace_id: 'AB',
          },
          values: [['10', 'mixed']],
        },
      ]),
    ),
  );
  const { lines } = await search();
  expect(lines[0]).toMatchObject({
    service: 'order',
    level: 'error',
    traceId: 'ab'.padStart(32, '0'),
    attributes: { http_route: '/a' },
    resource: { service_name: 'order' },
  });
});

describe('a tail', () => {
  const follow = (signal: AbortSignal, change: Partial<LokiOptions> = {}) =>
    open(change).tail({ ...query(), services: ['tailed'] }, { signal, mostPerSecond: 100 });
  const send = (body: string) =>
    postLogs(`${fake.url}/otlp/v1/logs`, [
      { timeNs: BigInt(Date.now()) * 1_000_000n, environment: 'production', service: 'tailed', body },
    ]);

  test('carries headers, and goes on after a break without losing or repeating a line', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const { lines } of follow(stop.signal, { token: 't0p', tenant: 'shop' })) {
        seen.push(...lines.map(({ body }) => body));
      }
    })();
    await expect.poll(() => fake.tails.size).toBe(1);
    expect(fake.requests.find(({ path }) => path.endsWith('/tail'))?.headers).toMatchObject({
      authorization: 'Bearer t0p',
      'x-scope-orgid': 'shop',
    });
    await send('before');
    await expect.poll(() => seen).toEqual(['before']);
    for (const tail of fake.tails) tail.break();
    await send('between');
    await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['before', 'between']);
    await send('after');
    await expect.poll(() => seen).toEqual(['before', 'between', 'after']);
    stop.abort();
    await following;
    await expect.poll(() => fake.tails.size).toBe(0);
  });

  test('says so when what comes is not Loki', async () => {
    const stop = new AbortController();
    const following = (async () => {
      for await (const _ of follow(stop.signal)) {
        // Nothing is expected.
      }
    })();
    await expect.poll(() => fake.tails.size).toBe(1);
    for (const tail of fake.tails) tail.send('<html>');
    await expect(following).rejects.toMatchObject({ kind: 'garbled', detail: expect.stringContaining('tail') });
    stop.abort();
  });

  test('gives up after several connections that did not come to be', async () => {
    const stop = new AbortController();
    const iterator = follow(stop.signal, { url: 'http://127.0.0.1:1' })[Symbol.asyncIterator]();
    await expect(iterator.next()).rejects.toMatchObject({ kind: 'unreachable' });
  });
});
