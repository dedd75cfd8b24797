import { context, TraceFlags, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { withRequest } from './context.ts';
import { OPERATIONAL } from './tracing.ts';

const SLOW_MS = 1_000;

/**
 * One line for a request, on its span: always when it failed, was refused or was slow, else when its trace is kept, so
 * that lines and traces are sampled alike and a fast path is not slowed by its own log.
 */
export const accessLog = fp(async (app: FastifyInstance) => {
  app.addHook('onRequest', (request, reply, done) => {
    reply.raw.once('close', () => {
      if (!reply.raw.writableEnded && !isOperational(request)) onItsSpan(request, () => writeGone(request));
    });
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const durationMs = performance.now() - request.startedAtMs;
    if (worthALine(request, reply.statusCode, durationMs)) onItsSpan(request, () => write(request, reply, durationMs));
    done();
  });
});

/** Hooks run outside of the request's context, or on a span below its own that sent the answer. */
function onItsSpan({ span, id: correlationId }: FastifyRequest, fn: () => void): void {
  const active = withRequest(context.active(), { correlationId });
  context.with(span ? trace.setSpan(active, span) : active, fn);
}

function writeGone(request: FastifyRequest): void {
  const durationMs = performance.now() - request.startedAtMs;
  const { method, routeOptions } = request;
  const line = {
    method,
    path: pathOf(request),
    route: routeOptions.url,
    status: 499,
    duration_ms: rounded(durationMs),
  };
  request.log.warn(line, `${method} ${line.path} 499: the caller went away before the answer`);
}

const isOperational = (request: FastifyRequest): boolean => OPERATIONAL.has(request.routeOptions.url ?? '');
const rounded = (ms: number): number => Math.round(ms * 10) / 10;

function worthALine(request: FastifyRequest, status: number, durationMs: number): boolean {
  if (isOperational(request)) return false;
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
    duration_ms: rounded(durationMs),
  };
  const message = `${request.method} ${line.path} ${status}`;
  if (status >= 500) request.log.error(line, message);
  else request.log.info(line, message);
}

function pathOf(request: FastifyRequest): string {
  return (request.url.split('?', 1)[0] ?? '').slice(0, 200);
}
