import { afterEach, describe, expect, it } from 'vitest';
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

  it('leaves out probes', async () => {
    recordSpans();
    await start();
    await server.app.inject('/readyz');
    expect(accesses()).toEqual([]);
  });
});
