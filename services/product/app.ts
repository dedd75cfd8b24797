import type { Cache } from '#kit/cache.ts';
import type { Pool } from '#kit/postgres.ts';
import { createServer, type Server, type ServerOptions } from '#kit/server.ts';
import { catalogueRoutes } from './catalogue-routes.ts';
import type { ProductMetrics } from './metrics.ts';
import { reservationRoutes } from './reservation-routes.ts';

export interface ProductAppOptions extends ServerOptions {
  readonly pool: Pool;
  readonly cache: Cache;
  readonly cacheTtlMs: number;
  readonly business: ProductMetrics;
}

/** The product service without its background work. */
export async function buildApp(options: ProductAppOptions): Promise<Server> {
  const app = await createServer(options);
  await app.register(catalogueRoutes, options);
  await app.register(reservationRoutes, options);
  return app;
}
