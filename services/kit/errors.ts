import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { UpstreamError, upstreamProblem } from './client/errors.ts';
import { PROBLEM_TYPE, Problem, unavailable } from './problem.ts';

/** Every error as problem+json: fields named, nothing of the inside told. Logs what is our own fault. */
export const problemErrors = fp(async (app: FastifyInstance) => {
  app.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error);
    if (problem.status >= 500) request.log.error({ err: error, code: problem.code }, problem.message);
    return sendProblem(reply, problem);
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, new Problem(404, 'request.no_route', `There is no ${request.method} ${pathOf(request)}.`)),
  );
});

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.code(problem.status).headers(problem.headers).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

function pathOf(request: FastifyRequest): string {
  return (request.url.split('?')[0] ?? '').slice(0, 120);
}

/** The problem that stands for an error of any kind. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof UpstreamError) return upstreamProblem(error);
  if (isDatabaseAway(error)) return unavailable('postgres', 2, error);
  const framework = FRAMEWORK[(error as FastifyError | undefined)?.code ?? ''];
  if (framework) return new Problem(...framework);
  const status = (error as FastifyError | undefined)?.statusCode;
  if (status !== undefined && status >= 400 && status < 500) {
    return new Problem(status, 'request.refused', 'The request cannot be understood.');
  }
  return new Problem(500, 'internal.error', 'Something went wrong here. The correlation id leads to the log.');
}

const FRAMEWORK: Readonly<Record<string, readonly [number, string, string]>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'request.malformed_json', 'The body is not valid JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'request.empty_body', 'The body is empty, but its content type is JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    400,
    'request.content_length',
    'The body is not as long as Content-Length says.',
  ],
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'request.too_large', 'The body is larger than is taken here.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'request.media_type', 'Bodies are taken as application/json only.'],
  FST_ERR_BAD_URL: [400, 'request.bad_url', 'The path is not a valid URL.'],
};

// Classes of SQLSTATE that say "not now": connection (08), resources (53), operator (57), and refused sockets.
function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string')
    return /^(timeout exceeded when trying to connect|Connection terminated)/.test(error.message);
  return /^(08|53|57)[0-9A-Z]{3}$/.test(code) || /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND)$/.test(code);
}
