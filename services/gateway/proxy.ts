import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answer, Client, Method } from '#kit/client/client.ts';
import { IDEMPOTENCY_HEADER } from '#kit/idempotency.ts';
import { Problem } from '#kit/problem.ts';

const PASSED_BACK = ['retry-after', 'idempotency-replayed'] as const;

export interface Forward {
  readonly client: Client;
  readonly method: Method;
  /** The path at the service. */
  readonly path: string;
  readonly route: string;
}

/** Sends a request on and its answer back. A failed call is thrown and becomes a 502, 503 or 504. */
export async function forward(request: FastifyRequest, reply: FastifyReply, to: Forward): Promise<FastifyReply> {
  const key = request.headers[IDEMPOTENCY_HEADER];
  const answer = await to.client.send({
    method: to.method,
    path: to.path,
    route: to.route,
    body: request.body === undefined ? undefined : request.body,
    idempotent: to.method === 'GET' || typeof key === 'string',
    headers: {
      'x-client': request.client,
      ...(typeof key === 'string' ? { [IDEMPOTENCY_HEADER]: key } : {}),
    },
  });
  return passBack(reply, answer);
}

function passBack(reply: FastifyReply, answer: Answer): FastifyReply {
  reply.code(answer.status).header('cache-control', 'no-store');
  for (const name of PASSED_BACK) {
    const value = answer.headers[name];
    if (typeof value === 'string') reply.header(name, value);
  }
  const { location } = answer.headers;
  if (typeof location === 'string' && location.startsWith('/')) reply.header('location', `/api${location}`);
  return reply.type(String(answer.headers['content-type'] ?? 'application/json')).send(answer.body);
}

/** The id as it is, when a thing can have it; else a 404, without asking anybody. */
export function knownId(id: string): string {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(id)) return id;
  throw new Problem(404, 'request.not_found', 'There is nothing with such an id.');
}
