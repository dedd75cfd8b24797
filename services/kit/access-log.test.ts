import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { waitFor } from './testing/process.ts';
import { recordSpans, type TestServer, testServer } from './testing/server.ts';

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

  it('has none for a success whose trace is not kept, but one for every failure', async () => {
    recordSpans({ sampled: false });
    await start();
    await server.app.inject('/things/1');
    await server.app.inject('/nowhere');
    expect(accesses().map((line) => line.status)).toEqual([404]);
  });

  it('has a line, with its ids, for a caller that went away', async () => {
    recordSpans();
    const leave = new AbortController();
    server = await testServer((app) => {
      app.get('/slow', () => {
        leave.abort();
        return new Promise(() => {});
      });
    });
    await server.app.listen({ host: '127.0.0.1', port: 0 });
    const url = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}/slow`;
    const headers = { 'x-correlation-id': 'gone-1' };
    await fetch(url, { headers, signal: leave.signal }).catch(() => {});
    const line = await waitFor(() => server.lines.find((each) => each.status === 499), 'the line');
    expect(line).toMatchObject({ correlation_id: 'gone-1', path: '/slow' });
    expect(line.trace_id).toMatch(/^[0-9a-f]{32}$/);
    const { body } = await server.app.inject('/metrics');
    expect(body).toMatch(/_count\{http_request_method="GET",http_route="\/slow",http_response_status_code="499"\} 1/);
    expect(body).toContain('http_server_active_requests 0');
  });

  it('leaves out probes', async () => {
    recordSpans();
    await start();
    await server.app.inject('/readyz');
    expect(accesses()).toEqual([]);
  });
});
