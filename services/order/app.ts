import { createServer, type Server, type ServerOptions } from '#kit/server.ts';
import { orderRoutes } from './order-routes.ts';
import type { PlaceOrderOptions } from './place-order.ts';

export type OrderAppOptions = ServerOptions & PlaceOrderOptions;

/** The order service without its background work. */
export async function buildApp(options: OrderAppOptions): Promise<Server> {
  const app = await createServer(options);
  await app.register(orderRoutes, options);
  return app;
}
