import type { Socket } from 'node:net';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  LogController,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import { accessLog } from './access-log.ts';
import { CORRELATION_HEADER, correlationIdOf } from './correlation.ts';
import { problemErrors, sendProblem, toProblem } from './errors.ts';
import { health, type Readiness } from './health.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import { PROBLEM_TYPE, Problem } from './problem.ts';
import { serverMetrics } from './server-metrics.ts';
import { tracing } from './tracing.ts';
import { type ZodTypes, zodValidator } from './validation.ts';

/** A Fastify whose routes take their types from zod schemas. */
export type Server = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypes
>;

export interface ServerOptions {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
  readonly bodyLimitBytes?: number;
  readonly failureStatuses?: readonly number[];
}

/** A Fastify with everything that each service has: spans, RED metrics, access log, problems, health, zod schemas. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const app = Fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    // A child logger for each request is not needed: the ids come from the active context.
    childLoggerFactory: (log) => log,
    genReqId: (raw) => correlationIdOf(raw.headers[CORRELATION_HEADER]),
    bodyLimit: options.bodyLimitBytes ?? 65_536,
    requestTimeout: 15_000,
    keepAliveTimeout: 15_000,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: true,
    return503OnClosing: false,
    routerOptions: { maxParamLength: 256 },
    frameworkErrors: (error, _request, reply) => {
      void sendProblem(reply as never, toProblem(error));
    },
    clientErrorHandler: refuseUnreadable,
    // Given here rather than set later, ajv and fast-json-stringify are not even loaded.
    schemaController: {
      compilersFactory: {
        buildValidator: () => zodValidator as never,
        buildSerializer: () => () => (data: unknown) => JSON.stringify(data),
      },
    },
  }).withTypeProvider<ZodTypes>();
  await app.register(tracing);
  await app.register(serverMetrics, { metrics: options.metrics, failureStatuses: options.failureStatuses });
  await app.register(accessLog);
  await app.register(problemErrors);
  await app.register(health, { readiness: options.readiness, metrics: options.metrics });
  return app;
}

function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const problem = tooLarge
    ? new Problem(431, 'request.headers_too_large', 'The headers are larger than is taken here.')
    : new Problem(400, 'request.malformed', 'This is not a valid HTTP request.');
  const body = JSON.stringify(problem);
  const status = tooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request';
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: ${PROBLEM_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
