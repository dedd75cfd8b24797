import { SpanStatusCode } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentRequest, remainingMs } from './context.ts';
import { recordSpans, type TestServer, testServer } from './testing/server.ts';
import { currentTraceparent, withSpan } from './tracing.ts';

let server: TestServer;
let spans: ReturnType<typeof recordSpans>;

beforeEach(async () => {
  spans = recordSpans();
  server = await testServer((app) => {
    app.get('/things/:id', async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return {
        correlationId: currentRequest()?.correlationId,
        remainingMs: remainingMs(),
        traceparent: currentTraceparent(),
      };
    });
    app.get('/bug', async () => {
      throw new Error('bug');
    });
  });
});
afterEach(() => server.app.close());

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('the server span', () => {
  it('goes on with the trace of the caller and names route and status', async () => {
    await server.app.inject({ url: '/things/7?q=1', headers: { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` } });
    const [span] = spans.getFinishedSpans();
    expect(span?.name).toBe('GET /things/:id');
    expect(span?.spanContext().traceId).toBe(TRACE);
    expect(span?.parentSpanContext?.spanId).toBe('00f067aa0ba902b7');
    expect(span?.attributes).toMatchObject({
      'http.request.method': 'GET',
      'http.route': '/things/:id',
      'url.path': '/things/7',
      'url.query': 'q=1',
      'http.response.status_code': 200,
    });
    expect(span?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('is active in the handler, across awaits', async () => {
    const { traceparent } = (await server.app.inject('/things/7')).json();
    const [span] = spans.getFinishedSpans();
    expect(traceparent).toBe(`00-${span?.spanContext().traceId}-${span?.spanContext().spanId}-01`);
  });

  it('is an error for 500, and not for 404', async () => {
    await server.app.inject('/bug');
    await server.app.inject('/nowhere');
    const [bug, nowhere] = spans.getFinishedSpans();
    expect(bug?.status.code).toBe(SpanStatusCode.ERROR);
    expect(bug?.attributes['error.type']).toBe('500');
    expect(nowhere?.name).toBe('GET');
    expect(nowhere?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('is not made for probes and scrapes', async () => {
    for (const url of ['/healthz', '/readyz', '/metrics']) await server.app.inject(url);
    expect(spans.getFinishedSpans()).toEqual([]);
  });

  it('follows the decision of the caller not to sample', async () => {
    await server.app.inject({ url: '/things/7', headers: { traceparent: `00-${TRACE}-00f067aa0ba902b7-00` } });
    expect(spans.getFinishedSpans()).toEqual([]);
  });
});

describe('the request context', () => {
  it('carries the correlation id, which the answer repeats', async () => {
    const answer = await server.app.inject({ url: '/things/7', headers: { 'x-correlation-id': 'abc-1' } });
    expect(answer.json().correlationId).toBe('abc-1');
    expect(answer.headers['x-correlation-id']).toBe('abc-1');
  });

  it('makes a correlation id where there is none, also for errors', async () => {
    expect((await server.app.inject('/bug')).headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('counts down the time that the caller gives', async () => {
    const answer = await server.app.inject({ url: '/things/7', headers: { 'x-request-timeout-ms': '500' } });
    expect(answer.json().remainingMs).toBeGreaterThan(300);
    expect(answer.json().remainingMs).toBeLessThan(500);
  });

  it('refuses work that nobody waits for', async () => {
    const answer = await server.app.inject({ url: '/things/7', headers: { 'x-request-timeout-ms': '0' } });
    expect([answer.statusCode, answer.json().code]).toEqual([504, 'request.deadline_passed']);
  });
});

describe('withSpan', () => {
  it('records an error that leaves it, and rethrows it', async () => {
    await expect(withSpan('step', { 'order.id': '1' }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const [span] = spans.getFinishedSpans();
    expect(span?.status).toMatchObject({ code: SpanStatusCode.ERROR, message: 'no' });
    expect(span?.events[0]?.name).toBe('exception');
  });

  it('goes on with a stored trace', async () => {
    await withSpan('step', {}, async () => {}, `00-${TRACE}-00f067aa0ba902b7-01`);
    expect(spans.getFinishedSpans()[0]?.spanContext().traceId).toBe(TRACE);
  });
});
