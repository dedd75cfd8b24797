import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { Gauge, Histogram } from 'prom-client';
import { DURATION_BUCKETS, exemplarOf, expose, type Metrics } from './metrics.ts';
import { OPERATIONAL } from './tracing.ts';

export interface ServerMetricsOptions {
  readonly metrics: Metrics;
  /** Statuses of failure that each route's series exist for from the start, so that the first failure is an increase. */
  readonly failureStatuses?: readonly number[];
}

const UNANSWERED = 499;

/** RED of the server in OpenTelemetry's names, and `GET /metrics`. Needs the `tracing` plugin before it. */
export const serverMetrics = fp(async (app: FastifyInstance, options: ServerMetricsOptions) => {
  const { metrics, failureStatuses = [500, 503] } = options;
  const duration = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Duration of requests that were served, in seconds.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets: DURATION_BUCKETS,
    enableExemplars: true,
    registers: [metrics],
  });
  let active = 0;
  new Gauge({
    name: 'http_server_active_requests',
    help: 'Requests that are being served.',
    registers: [metrics],
    collect() {
      this.set(active);
    },
  });

  app.addHook('onRoute', (route) => {
    if (OPERATIONAL.has(route.url)) return;
    for (const method of [route.method].flat()) {
      if (method === 'HEAD' || method === 'OPTIONS') continue;
      for (const status of failureStatuses) duration.zero(labelsOf(method, route.url, status));
    }
  });

  const finish = (request: FastifyRequest, reply: FastifyReply) => {
    active -= 1;
    const status = reply.raw.writableEnded ? reply.raw.statusCode : UNANSWERED;
    duration.observe({
      labels: labelsOf(request.method, request.routeOptions.url, status),
      value: (performance.now() - request.startedAtMs) / 1000,
      exemplarLabels: exemplarOf(request.span),
    });
  };

  app.addHook('onRequest', (request, reply, done) => {
    const route = request.routeOptions.url;
    if (route === undefined || !OPERATIONAL.has(route)) {
      active += 1;
      // Not `onResponse`: it is not called when the caller goes away before the answer.
      reply.raw.once('close', () => finish(request, reply));
    }
    done();
  });

  app.get('/metrics', async (request, reply) => {
    const { contentType, body } = await expose(metrics, request.headers.accept);
    return reply.type(contentType).send(body);
  });
});

function labelsOf(method: string, route: string | undefined, status: number) {
  return {
    http_request_method: method,
    http_route: route ?? '',
    http_response_status_code: String(status),
  };
}
