import { afterEach, describe, expect, it } from 'vitest';
import { Problem } from './problem.ts';
import { recordSpans, type TestServer, testServer } from './testing/server.ts';

let server: TestServer;
afterEach(() => server.app.close());

const start = async (failureStatuses?: number[]) => {
  server = await testServer(
    (app) => {
      app.get('/things/:id', async () => ({}));
      app.get('/broken', async () => {
        throw new Problem(503, 'x.y', 'z');
      });
    },
    failureStatuses ? { failureStatuses } : {},
  );
  await server.app.ready();
  return server;
};
const scrape = async (accept = 'application/openmetrics-text') =>
  server.app.inject({ url: '/metrics', headers: { accept } });

describe('RED metrics of the server', () => {
  it('count by method, route and status', async () => {
    await start();
    await server.app.inject('/things/1');
    await server.app.inject('/things/2');
    await server.app.inject('/broken');
    await server.app.inject('/nowhere');
    const { body } = await scrape();
    const count = 'http_server_request_duration_seconds_count';
    expect(body).toContain(
      `${count}{http_request_method="GET",http_route="/things/:id",http_response_status_code="200"} 2`,
    );
    expect(body).toContain(
      `${count}{http_request_method="GET",http_route="/broken",http_response_status_code="503"} 1`,
    );
    expect(body).toContain(`${count}{http_request_method="GET",http_route="",http_response_status_code="404"} 1`);
  });

  it('have series of failure before the first one', async () => {
    await start([500, 502]);
    const { body } = await scrape();
    for (const status of [500, 502]) {
      expect(body).toContain(
        `http_server_request_duration_seconds_count{http_request_method="GET",http_route="/things/:id",http_response_status_code="${status}"} 0`,
      );
    }
  });

  it('leave out probes and scrapes, and come back to no active request', async () => {
    await start();
    await server.app.inject('/readyz');
    await server.app.inject('/things/1');
    const { body } = await scrape();
    expect(body).not.toMatch(/http_route="\/(readyz|metrics|healthz)"/);
    expect(body).toContain('http_server_active_requests 0');
  });

  it('carry the trace and the span of a sampled request as exemplar', async () => {
    const spans = recordSpans();
    await start();
    await server.app.inject('/things/1');
    const { traceId, spanId } = spans.getFinishedSpans()[0]?.spanContext() ?? {};
    expect((await scrape()).body).toMatch(
      new RegExp(`_bucket\\{.*\\} 1 # \\{trace_id="${traceId}",span_id="${spanId}"\\} [0-9.e-]+ [0-9.]+\n`),
    );
  });

  it('carry no exemplar for a trace that is not kept', async () => {
    recordSpans({ sampled: false });
    await start();
    await server.app.inject('/things/1');
    expect((await scrape()).body).not.toContain('trace_id');
  });
});
