import rateLimit from '@fastify/rate-limit';
import type { Client } from '#kit/client/client.ts';
import { Problem } from '#kit/problem.ts';
import { createServer, type Server, type ServerOptions } from '#kit/server.ts';
import { apiKey } from './api-key.ts';
import { orderRoutes } from './order-routes.ts';
import type { ReadCache } from './read-cache.ts';
import { readRoutes } from './read-routes.ts';

export interface GatewayAppOptions extends ServerOptions {
  readonly apiKeys: string;
  readonly rateLimitPerSecond: number;
  readonly product: Client;
  readonly order: Client;
  readonly payment: Client;
  readonly cache: ReadCache;
}

/** The gateway: the public API under `/api`, each route of it named here and nothing else passed through. */
export async function buildApp(options: GatewayAppOptions): Promise<Server> {
  const app = await createServer({ ...options, failureStatuses: [500, 502, 503, 504] });
  await app.register(async (api: Server) => {
    await api.register(apiKey, { keys: options.apiKeys });
    await api.register(rateLimit, {
      max: options.rateLimitPerSecond,
      timeWindow: 1_000,
      keyGenerator: (request) => request.client,
      errorResponseBuilder: (_request, context) =>
        new Problem(
          429,
          'gateway.rate_limit',
          `More than ${context.max} requests a second were made with this API key.`,
        ),
    });
    await api.register(readRoutes, options);
    await api.register(orderRoutes, options);
  });
  return app;
}
