import { hash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { Problem } from '#kit/problem.ts';
import { bearerToken } from '#kit/secret.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The name that belongs to the caller's API key. */
    client: string;
  }
}

interface KnownKey {
  readonly name: string;
  readonly digest: Buffer;
}

/** The callers of `name:key,name:key`. */
export function parseApiKeys(list: string): KnownKey[] {
  return list.split(',').map((pair) => {
    const [name = '', ...rest] = pair.trim().split(':');
    return { name, digest: digestOf(rest.join(':')) };
  });
}

/** Whose key it is. Every known key is compared, in the same time whatever was given. */
export function clientOf(known: readonly KnownKey[], given: string): string | undefined {
  const digest = digestOf(given);
  let name: string | undefined;
  for (const key of known) if (timingSafeEqual(key.digest, digest)) name = key.name;
  return name;
}

function digestOf(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}

/** Lets only callers with an API key (`x-api-key`, or a bearer token) into the routes beside it. */
export const apiKey = fp(async (app: FastifyInstance, options: { keys: string }) => {
  const known = parseApiKeys(options.keys);
  app.decorateRequest('client', '');
  app.addHook('onRequest', (request, _reply, done) => {
    const header = request.headers['x-api-key'];
    const given = typeof header === 'string' ? header : bearerToken(request.headers.authorization);
    const client = given === undefined ? undefined : clientOf(known, given);
    if (client === undefined) {
      const detail =
        given === undefined ? 'An API key is needed, in the header x-api-key.' : 'This API key is not known.';
      return done(new Problem(401, 'gateway.api_key', detail, { headers: { 'www-authenticate': 'ApiKey' } }));
    }
    request.client = client;
    done();
  });
});
