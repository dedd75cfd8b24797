import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { withRequest } from './context.ts';
import { CORRELATION_HEADER } from './correlation.ts';
import { DEADLINE_HEADER, deadlineOf } from './deadline.ts';
import { Problem } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    span: Span | undefined;
    startedAtMs: number;
  }
}

/** Routes that probes and scrapers call all the time; neither traced nor counted as traffic. */
export const OPERATIONAL: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * The server span of each request, the request's correlation id and its deadline, all in the active context.
 * Written against the API alone, because it runs on a path that answers ten thousand times a second.
 */
export const tracing = fp(async (app: FastifyInstance) => {
  const tracer = trace.getTracer('quarterdeck.kit');
  app.decorateRequest('span', undefined);
  app.decorateRequest('startedAtMs', 0);

  app.addHook('onRequest', (request, reply, done) => {
    request.startedAtMs = performance.now();
    const route = request.routeOptions.url;
    if (route !== undefined && OPERATIONAL.has(route)) return done();
    reply.header(CORRELATION_HEADER, request.id);

    const { headers } = request.raw;
    const parent = headers.traceparent === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, headers);
    const span = tracer.startSpan(
      route === undefined ? request.method : `${request.method} ${route}`,
      { kind: SpanKind.SERVER, startTime: undefined },
      parent,
    );
    if (span.isRecording()) span.setAttributes(requestAttributes(request, route));
    request.span = span;
    reply.raw.once('close', () => finish(span, reply.raw.statusCode, reply.raw.writableEnded));

    const deadlineAtMs = deadlineOf(headers[DEADLINE_HEADER], request.startedAtMs);
    const active = withRequest(trace.setSpan(parent, span), { correlationId: request.id, deadlineAtMs });
    if (deadlineAtMs !== undefined && deadlineAtMs <= request.startedAtMs) {
      return done(new Problem(504, 'request.deadline_passed', 'The caller has stopped waiting for this request.'));
    }
    context.with(active, done);
  });
});

function requestAttributes(request: FastifyRequest, route: string | undefined): Attributes {
  const [path, query] = request.url.split('?', 2);
  return {
    'http.request.method': request.method,
    'url.path': path,
    ...(query ? { 'url.query': query } : {}),
    'url.scheme': request.protocol,
    ...(route === undefined ? {} : { 'http.route': route }),
    'server.address': request.hostname,
    'client.address': request.ip,
    'user_agent.original': request.headers['user-agent'],
    'quarterdeck.correlation_id': request.id,
  };
}

function finish(span: Span, statusCode: number, answered: boolean): void {
  if (span.isRecording()) {
    const status = answered ? statusCode : 499;
    span.setAttribute('http.response.status_code', status);
    if (status >= 500) {
      span.setAttribute('error.type', String(status));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
  }
  span.end();
}

/** Runs a business step in a span of its own; an error that leaves it is recorded on the span. */
export async function withSpan<T>(
  name: string,
  attributes: Attributes,
  fn: (span: Span) => Promise<T>,
  traceparent?: string | null,
): Promise<T> {
  const parent = traceparent ? propagation.extract(ROOT_CONTEXT, { traceparent }) : context.active();
  const span = trace.getTracer('quarterdeck.business').startSpan(name, { attributes }, parent);
  try {
    return await context.with(trace.setSpan(parent, span), () => fn(span));
  } catch (error) {
    span.recordException(error as Error);
    span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message });
    throw error;
  } finally {
    span.end();
  }
}

/** The active span as a `traceparent`, to be stored with work that goes on later; undefined outside of a span. */
export function currentTraceparent(): string | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}
