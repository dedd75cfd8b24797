import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { waitFor } from './testing/process.ts';
import { recordSpans, type TestServer, testServer } from './testing/server.ts';
import { withSpan } from './tracing.ts';

let server: TestServer;
afterEach(() => server.app.close());
const start = async () => {
  server = await testServer((app) => {
    app.get('/things/:id', async () => ({}));
  });
};
const accesses = () => server.lines.filter((line) => 'duration_ms' in line);

describe('the access log', () => {
  it('has a line for a request whose trace is kept', async () => {
    recordSpans();
    await start();
    await server.app.inject('/things/1?token=abc');
    expect(accesses()).toMatchObject([
      { level: 'info', method: 'GET', path: '/things/1', route: '/things/:id', status: 200 },
    ]);
    expect(JSON.stringify(accesses())).not.toContain('abc');
  });

  it('belongs to the span of the request, also where one below it sends the answer', async () => {
    const spans = recordSpans();
    server = await testServer((app) => {
      app.post('/things', (_, reply) => withSpan('inner', {}, async () => reply.code(202).send({})));
    });
    await server.app.inject({ method: 'POST', url: '/things', payload: {} });
    const served = spans.getFinishedSpans().find(({ name }) => name === 'POST /things');
    expect(accesses()).toMatchObject([{ status: 202, span_id: served?.spanContext().spanId }]);
  });

  it('has none for a success whose trace is not kept, but one for every failure', async () => {
    recordSpans({ sampled: false });
    await start();
    await server.app.inject('/things/1');
    await server.app.inject('/nowhere');
    expect(accesses().map((line) => line.status)).toEqual([404]);
  });

  it.each(['GET', 'POST'] as const)('has a line, with its ids, for a caller of %s that went away', async (method) => {
    recordSpans();
    const leave = new AbortController();
    server = await testServer((app) => {
      app.route({
        method,
        url: '/slow',
        handler: () => {
          leave.abort();
          return new Promise(() => {});
        },
      });
    });
    await server.app.listen({ host: '127.0.0.1', port: 0 });
    const url = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}/slow`;
    const headers = { 'x-correlation-id': 'gone-1', ...(method === 'POST' && { 'content-type': 'application/json' }) };
    const body = method === 'POST' ? '{}' : undefined;
    await fetch(url, { method, headers, body, signal: leave.signal }).catch(() => {});
    const line = await waitFor(() => server.lines.find((each) => each.status === 499), 'the line');
    expect(line).toMatchObject({ correlation_id: 'gone-1', path: '/slow' });
    expect(line.trace_id).toMatch(/^[0-9a-f]{32}$/);
    const metrics = (await server.app.inject('/metrics')).body;
    expect(metrics).toContain(
      `_count{http_request_method="${method}",http_route="/slow",http_response_status_code="499"} 1`,
    );
    expect(metrics).toContain('http_server_active_requests 0');
  });

  it('leaves out probes', async () => {
    recordSpans();
    await start();
    await server.app.inject('/readyz');
    expect(accesses()).toEqual([]);
  });
});
