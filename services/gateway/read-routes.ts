import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Client } from '#kit/client/client.ts';
import type { Server } from '#kit/server.ts';
import { knownId } from './proxy.ts';
import type { CachedAnswer, ReadCache } from './read-cache.ts';

/** Reads that many make and that may be a second old: the catalogue. */
export async function readRoutes(app: Server, options: { product: Client; cache: ReadCache }): Promise<void> {
  const { product, cache } = options;

  const read = (request: FastifyRequest, reply: FastifyReply, path: string, route: string) => {
    const fresh = cache.fresh(path);
    if (fresh) return send(request, reply, fresh, 'hit');
    return cache
      .through(path, () => product.send({ method: 'GET', path, route }))
      .then((answer) => send(request, reply, answer, 'miss'));
  };

  app.get('/api/products', (request, reply) => {
    const mark = request.url.indexOf('?');
    return read(request, reply, mark < 0 ? '/products' : `/products${request.url.slice(mark)}`, '/products');
  });

  app.get<{ Params: { id: string } }>('/api/products/:id', (request, reply) =>
    read(request, reply, `/products/${knownId(request.params.id)}`, '/products/{id}'),
  );
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: CachedAnswer,
  result: 'hit' | 'miss',
): FastifyReply {
  reply.header('x-cache', result);
  if (answer.status === 200 && request.headers['if-none-match'] === answer.etag) {
    return reply.code(304).header('etag', answer.etag).send();
  }
  return reply.code(answer.status).headers(answer.headers).send(answer.body);
}
