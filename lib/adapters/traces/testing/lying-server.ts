import type { ServerResponse } from 'node:http';
import { serve, type TestServer } from './server.ts';

export type Behaviour = (request: { path: string; parameters: URLSearchParams }, response: ServerResponse) => void;

const send = (response: ServerResponse, status: number, type: string, body: string | Uint8Array = '') => {
  response.writeHead(status, { 'content-type': type }).end(body);
};
const json =
  (body: unknown): Behaviour =>
  (_, response) =>
    send(response, 200, 'application/json', JSON.stringify(body));

/** What a server that stands where a backend should be may do wrong, by name. */
export const lies = {
  silence: () => {},
  slow: (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":[');
    const drip = setInterval(() => response.write(' '), 20);
    response.once('close', () => clearInterval(drip));
  },
  hangsUp: (_, response) => response.destroy(),
  halfABody: (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 10_000 });
    response.write('{"result":{"resourceSpans":[', () => response.destroy());
  },
  halfABodyComplete: (_, response) => send(response, 200, 'application/json', '{"result":{"resourceSpans":[{'),
  signInPage: (_, response) => send(response, 200, 'text/html', '<!doctype html><html><title>Sign in</title>'),
  pageAsJson: (_, response) => send(response, 200, 'application/json', '<html></html>'),
  garbage: (_, response) => send(response, 200, 'application/json', 'x'.repeat(10 * 1024 * 1024)),
  bytes: (_, response) => send(response, 200, 'application/protobuf', Buffer.alloc(100_000, 0xf7)),
  protobufText: (_, response) => send(response, 200, 'application/protobuf', '{"trace":{}}'),
  endless: (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const chunk = Buffer.alloc(256 * 1024, 0x20);
    const more = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', more);
    more();
  },
  nothing: (_, response) => send(response, 200, 'application/json'),
  emptyObject: json({}),
  aNumber: json(7),
  aNull: json(null),
  aList: json([[], {}, null]),
  deep: (_, response) => send(response, 200, 'application/json', '['.repeat(200_000)),
  wrongShapes: json({
    data: [null, 7, { traceID: 9, spans: 'x', processes: [] }, { spans: [{ spanID: {}, tags: { toString: 1 } }] }],
    services: { a: 1 },
    operations: 'none',
    summaries: [{ traceId: 5 }, null, []],
    traces: [{ traceID: 'zz' }, { traceID: 'a', spanSets: [{ spans: [{ attributes: 'x' }] }], serviceStats: [1] }],
    scopes: [{ name: 5, tags: 'x' }, { tags: [1, {}] }],
    tagValues: [{ value: 5 }, 'x'],
    result: { resourceSpans: [{ resource: 5, scopeSpans: [{ spans: [{ traceId: {}, spanId: [], events: 9 }, 5] }] }] },
  }),
  resultIsText: json({ result: 'x', traces: 'x', data: 'x', services: 5, tagValues: 5 }),
  serverError: (_, response) => send(response, 500, 'text/plain', 'boom'),
  unavailable: (_, response) => send(response, 503, 'text/plain', 'Service Unavailable'),
  gatewayTimeout: (_, response) => send(response, 504, 'text/html', '<h1>504</h1>'),
  busy: (_, response) => send(response, 429, 'text/plain', 'queue is full'),
  refusesQuery: (_, response) => send(response, 400, 'text/plain', 'invalid TraceQL query: parse error at line 1'),
  refusesAsV3: (_, response) =>
    send(response, 400, 'text/plain', '{"error":{"httpCode":400,"message":"no such thing"}}'),
  tooLarge: (_, response) => send(response, 422, 'text/plain', 'trace exceeds max size (max bytes: 5000000)'),
  unauthorized: (_, response) => send(response, 401, 'text/plain'),
  forbidden: (_, response) => send(response, 403, 'text/plain'),
  notFound: (_, response) => send(response, 404, 'text/plain', '404 page not found'),
  redirect: (_, response) => response.writeHead(302, { location: 'http://192.0.2.1/login' }).end(),
  noHttp: (_, response) => response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n'),
} satisfies Record<string, Behaviour>;

export interface LyingServer extends TestServer {
  requests: { path: string; parameters: URLSearchParams; headers: Record<string, unknown> }[];
  behave(behaviour: Behaviour): void;
}

/** A server on a free loopback port that answers as it is told. */
export async function startLyingServer(): Promise<LyingServer> {
  let behaviour: Behaviour = lies.silence;
  const requests: LyingServer['requests'] = [];
  const server = await serve((url, response, request) => {
    const asked = { path: url.pathname, parameters: url.searchParams };
    requests.push({ ...asked, headers: request.headers });
    behaviour(asked, response);
  });
  return {
    ...server,
    requests,
    behave: (next) => {
      behaviour = next;
    },
  };
}

/** Answers by which a backend is recognised. */
export const recognised: Record<'camel' | 'snake' | 'legacy' | 'tempo', Record<string, Behaviour>> = {
  camel: {
    '/api/v3/services': json({ services: ['order'] }),
    '/api/v3/trace-summaries': (_, response) =>
      send(response, 400, 'text/plain', '{"error":{"httpCode":400,"message":"query.startTimeMin is required"}}'),
  },
  snake: { '/api/v3/services': json({ services: ['order'] }) },
  legacy: { '/api/services': json({ data: ['order'], errors: null }) },
  tempo: {
    '/api/echo': (_, response) => send(response, 200, 'text/plain', 'echo\n'),
    '/api/status/buildinfo': json({ version: 'v2.8.0' }),
  },
};
