import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { sameSecret } from '#lib/core/hash.ts';
import type { Signal } from './decode/levels.ts';
import { type Answer, type ExportParts, exportRequest, failure, requestEncoding } from './export.ts';

const signals: Record<string, Signal> = { '/v1/traces': 'traces', '/v1/logs': 'logs' };
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
/** How long what is left of a refused body is read and thrown away before the connection is cut. */
const lingerMs = 1_000;

export interface ServerOptions extends ExportParts {
  token: string | undefined;
}

/** The one port: OTLP in, and the receiver's own health and metrics. */
export function createReceiverServer(options: ServerOptions): Server {
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 65_000 });
  server.maxConnections = 1_024;
  server.on('request', (request, response) => {
    handle(request, response, options).catch((error: Error) => {
      options.onFailure(error);
      response.destroy();
    });
  });
  return server;
}

async function handle(request: IncomingMessage, response: ServerResponse, options: ServerOptions): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const signal = signals[path];
  if (signal || path.startsWith('/v1')) {
    const answer = await answerOtlp(request, path, signal, options);
    if (!answer) return;
    const labels = { signal: signal ?? 'other', http_response_status_code: String(answer.status) };
    options.metrics.requests.inc(labels);
    return send(request, response, answer);
  }
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (path === '/healthz' && isRead) return text(response, 200, 'ok\n');
  if (path === '/readyz' && isRead) return ready(response, options);
  if (path === '/metrics' && isRead) {
    const { registry } = options.metrics;
    response.setHeader('content-type', registry.contentType);
    response.end(`${await registry.metrics()}\n${options.derived.expose()}`);
    return;
  }
  send(
    request,
    response,
    failure(404, `there is nothing at ${request.method} here`, 'application/json', { close: true }),
  );
}

async function answerOtlp(
  request: IncomingMessage,
  path: string,
  signal: Signal | undefined,
  options: ServerOptions,
): Promise<Answer | undefined> {
  const encoding = requestEncoding(request) ?? 'application/json';
  if (options.token && !sameSecret(bearer(request), options.token)) {
    const headers = { 'www-authenticate': 'Bearer' };
    return failure(401, 'a bearer token is needed in the Authorization header', encoding, { close: true, headers });
  }
  // The specification leaves unsupported signals to HTTP: 404 is not retried, so senders do not pile up.
  if (!signal) {
    const what = path === '/v1/metrics' ? 'metrics are not received here; Prometheus scrapes them' : 'unknown signal';
    return failure(404, `${what}. Supported: /v1/traces, /v1/logs`, encoding, { close: true });
  }
  if (request.method !== 'POST') {
    return failure(405, 'use POST', encoding, { close: true, headers: { allow: 'POST' } });
  }
  options.metrics.queueRequests.inc();
  try {
    return await exportRequest(request, signal, options);
  } finally {
    options.metrics.queueRequests.dec();
  }
}

function bearer(request: IncomingMessage): string {
  return /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function ready(response: ServerResponse, options: ServerOptions): void {
  const down = options.availability.down();
  const reason = options.draining()
    ? 'stopping'
    : down && `Postgres: ${down.reason} (since ${down.since.toISOString()})`;
  const body = JSON.stringify({ status: reason ? 'unavailable' : 'ready', reason, version });
  response.writeHead(reason ? 503 : 200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(body);
}

function text(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end(body);
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const headers: Record<string, string | number> = {
    'content-type': answer.encoding,
    'content-length': answer.body.byteLength,
    ...answer.headers,
  };
  if (answer.close && !request.complete) {
    headers.connection = 'close';
    const cut = setTimeout(() => request.destroy(), lingerMs);
    request.once('close', () => clearTimeout(cut)).resume();
  }
  response.writeHead(answer.status, headers).end(answer.body);
}
