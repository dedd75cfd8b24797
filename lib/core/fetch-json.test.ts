import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiError, getJson, queryString, sendJson } from './fetch-json.ts';

let server: Server;
let url: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const say = (status: number, body: string, headers: Record<string, string> = {}) => {
  answer = (_request, response) => response.writeHead(status, headers).end(body);
};
const thrown = (work: Promise<unknown>) => work.then(() => null).catch((error: unknown) => error);

describe('reading JSON', () => {
  test('gives the body', async () => {
    say(200, '{"a":1}');
    expect(await getJson(url)).toEqual({ a: 1 });
  });

  test('gives null for an answer without a body', async () => {
    say(204, '');
    expect(await getJson(url)).toBeNull();
  });

  test('throws what the problem says, with its fields and how long to wait', async () => {
    const errors = [{ path: 'scope.services[0]', code: 'too_small', message: 'must not be empty' }];
    say(429, JSON.stringify({ code: 'auth.throttled', detail: 'Too many.', errors }), { 'retry-after': '7' });
    const error = (await thrown(getJson(url))) as ApiError;
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 429, code: 'auth.throttled', message: 'Too many.', retryAfterSeconds: 7 });
    expect(error.field('scope.services[0]')).toBe('must not be empty');
    expect(error.field('name')).toBeNull();
  });

  test.each([
    ['HTML', 502, '<h1>Bad gateway</h1>', 'garbled', 'The console answered 502 with something unreadable.'],
    ['nothing', 500, '', 'unknown', 'The console answered 500.'],
    ['a list', 500, '[]', 'unknown', 'The console answered 500.'],
    ['errors of another shape', 400, '{"errors":{"a":1},"title":"Bad"}', 'unknown', 'Bad'],
  ])('throws a sentence for an error that carries %s', async (_, status, body, code, message) => {
    say(status, body);
    const error = (await thrown(getJson(url))) as ApiError;
    expect(error).toMatchObject({ status, code, message });
    expect(error.field('a')).toBeNull();
  });

  test('throws status 0 when nobody answers, or hangs up half way', async () => {
    answer = (request) => request.socket.destroy();
    expect(await thrown(getJson(url))).toMatchObject({ status: 0, code: 'network' });
    answer = (request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"a"');
      setTimeout(() => request.socket.destroy(), 20);
    };
    expect(await thrown(getJson(url))).toMatchObject({ status: 0, code: 'network' });
  });

  test('passes an abort on as it is', async () => {
    answer = () => {};
    const error = await thrown(getJson(url, { signal: AbortSignal.timeout(20) }));
    expect(error).not.toBeInstanceOf(ApiError);
    expect((error as Error).name).toBe('TimeoutError');
  });
});

test('sending JSON carries method, body and idempotency key', async () => {
  answer = (request, response) => {
    let body = '';
    request
      .on('data', (chunk) => (body += chunk))
      .on('end', () => {
        const { method, headers } = request;
        response.end(JSON.stringify({ method, type: headers['content-type'], key: headers['idempotency-key'], body }));
      });
  };
  expect(await sendJson('POST', url, { a: 1 }, { idempotencyKey: 'k' })).toEqual({
    method: 'POST',
    type: 'application/json',
    key: 'k',
    body: '{"a":1}',
  });
  expect(await sendJson('DELETE', url)).toEqual({ method: 'DELETE', body: '' });
});

describe('queryString', () => {
  test('sorts names, repeats lists and leaves out what is not given', () => {
    expect(queryString({ to: 'now', env: 'a b', none: undefined, empty: '', attribute: ['x=1', 'y'], limit: 0 })).toBe(
      'attribute=x%3D1&attribute=y&env=a+b&limit=0&to=now',
    );
  });
});
