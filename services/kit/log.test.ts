import { trace } from '@opentelemetry/api';
import { beforeEach, describe, expect, it } from 'vitest';
import { runWithRequest } from './context.ts';
import { createLogger, type Logger } from './log.ts';
import { recordSpans } from './testing/server.ts';

let lines: Record<string, unknown>[];
let raw: string[];
let log: Logger;

beforeEach(() => {
  lines = [];
  raw = [];
  log = createLogger({
    service: 'order',
    version: '1.2.3',
    instance: 'order-1',
    environment: 'production',
    secrets: ['the-known-secret'],
    write: (line) => {
      raw.push(line);
      lines.push(JSON.parse(line));
    },
  });
});

describe('a log line', () => {
  it('says who wrote it, when, and how bad it is', () => {
    log.warn({ orderId: '7' }, 'slow');
    expect(lines[0]).toMatchObject({
      level: 'warn',
      service: 'order',
      version: '1.2.3',
      instance: 'order-1',
      environment: 'production',
      orderId: '7',
      msg: 'slow',
    });
    expect(lines[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(raw[0]?.endsWith('}\n')).toBe(true);
  });

  it('carries the ids of the trace and of the request', () => {
    recordSpans();
    trace.getTracer('test').startActiveSpan('step', (span) => {
      runWithRequest({ correlationId: 'abc-1' }, () => log.info('hello'));
      expect(lines[0]).toMatchObject({
        trace_id: span.spanContext().traceId,
        span_id: span.spanContext().spanId,
        correlation_id: 'abc-1',
      });
      span.end();
    });
  });

  it('hides secrets in fields, in the message, in errors and in what a child logger is bound to', () => {
    const error = new Error('cannot connect to postgres://order:hunter2@db/fleet');
    log
      .child({ token: 'hunter2' })
      .error(
        { err: error, request: { headers: [{ Authorization: 'Bearer hunter2hunter2' }] }, url: '/x?password=hunter2' },
        'with the-known-secret and card 4111 1111 1111 1111',
      );
    expect(raw[0]).not.toMatch(/hunter2|the-known-secret|4111/);
    expect(lines[0]).toMatchObject({ err: { type: 'Error' } });
  });

  it('is not written below the level', () => {
    log.debug('quiet');
    expect(lines).toEqual([]);
  });
});
