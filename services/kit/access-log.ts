import { TraceFlags } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { OPERATIONAL } from './tracing.ts';

const SLOW_MS = 1_000;

/**
 * One line for a request: always when it failed, was refused or was slow, else when its trace is kept, so that lines
 * and traces are sampled alike and a fast path is not slowed by its own log.
 */
export const accessLog = fp(async (app: FastifyInstance) => {
  app.addHook('onResponse', (request, reply, done) => {
    const durationMs = performance.now() - request.startedAtMs;
    if (worthALine(request, reply.statusCode, durationMs)) write(request, reply, durationMs);
    done();
  });
  app.addHook('onRequestAbort', (request, done) => {
    // This hook runs outside of the request's context, so the ids are given here.
    const span = request.span?.spanContext();
    const ids = { correlation_id: request.id, trace_id: span?.traceId, span_id: span?.spanId };
    const line = { ...ids, method: request.method, path: pathOf(request), status: 499 };
    request.log.info(line, 'the caller went away before the answer');
    done();
  });
});

function worthALine(request: FastifyRequest, status: number, durationMs: number): boolean {
  if (OPERATIONAL.has(request.routeOptions.url ?? '')) return false;
  if (status >= 400 || durationMs >= SLOW_MS) return true;
  return request.span !== undefined && (request.span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
}

function write(request: FastifyRequest, reply: FastifyReply, durationMs: number): void {
  const status = reply.statusCode;
  const line = {
    method: request.method,
    path: pathOf(request),
    route: request.routeOptions.url,
    status,
    duration_ms: Math.round(durationMs * 10) / 10,
  };
  const message = `${request.method} ${line.path} ${status}`;
  if (status >= 500) request.log.error(line, message);
  else request.log.info(line, message);
}

function pathOf(request: FastifyRequest): string {
  return (request.url.split('?', 1)[0] ?? '').slice(0, 200);
}
