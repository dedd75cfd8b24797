import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Behaviour = (request: { path: string; params: URLSearchParams }, response: ServerResponse) => void;

export interface LyingServer {
  url: string;
  /** How many requests have come in. */
  requests: { method: string; path: string; params: URLSearchParams; headers: IncomingMessage['headers'] }[];
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

const json = (response: ServerResponse, status: number, body: unknown) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

export const vectorOf = (value: string) => ({
  status: 'success',
  data: { resultType: 'vector', result: [{ metric: { job: 'a' }, value: [1_700_000_000, value] }] },
});

/** What a server that speaks the Prometheus API may do wrong, by name. */
export const lies = {
  honest: (_, response) => json(response, 200, vectorOf('1')),
  withWarnings: (_, response) =>
    json(response, 200, { ...vectorOf('1'), warnings: ['store 10.0.0.7 was left out'], infos: ['not a counter'] }),
  halfABody: (_, response) => {
    const body = JSON.stringify(vectorOf('1'));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.write(body.slice(0, 40), () => response.destroy());
  },
  halfABodyComplete: (_, response) => response.writeHead(200).end(JSON.stringify(vectorOf('1')).slice(0, 40)),
  signInPage: (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><html>'),
  garbage: (_, response) => response.writeHead(200).end('x'.repeat(10 * 1024 * 1024)),
  nothing: (_, response) => response.writeHead(200).end(),
  silence: () => {},
  down: (_, response) => response.writeHead(503, { 'content-type': 'text/plain' }).end('Service Unavailable'),
  wrongShape: (_, response) => json(response, 200, { status: 'success', data: { resultType: 'vector', result: [7] } }),
  parseError: (_, response) =>
    json(response, 400, { status: 'error', errorType: 'bad_data', error: '1:5: parse error: unexpected end of input' }),
  notFound: (_, response) => response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found'),
  unauthorized: (_, response) => response.writeHead(401).end(),
  redirect: (_, response) => response.writeHead(302, { location: 'http://192.0.2.1/login' }).end(),
  postRefused: (_, response) => response.writeHead(405).end(),
} satisfies Record<string, Behaviour>;

/** A server on a free loopback port that answers as it is told. */
export async function startLyingServer(): Promise<LyingServer> {
  let behaviour: Behaviour = lies.honest;
  const requests: LyingServer['requests'] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const url = new URL(request.url ?? '/', 'http://localhost');
    const params = new URLSearchParams([...url.searchParams, ...new URLSearchParams(body)]);
    requests.push({ method: request.method ?? '', path: url.pathname, params, headers: request.headers });
    behaviour({ path: url.pathname, params }, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    behave: (next) => {
      behaviour = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
