import type { Client } from '#kit/client/client.ts';
import type { Server } from '#kit/server.ts';
import { forward, knownId } from './proxy.ts';

interface ById {
  Params: { id: string };
}

/** Orders and the state of their charges. What simulates incidents has no route here, nor has anything else. */
export async function orderRoutes(app: Server, options: { order: Client; payment: Client }): Promise<void> {
  const { order, payment } = options;

  app.post('/api/orders', (request, reply) =>
    forward(request, reply, { client: order, method: 'POST', path: '/orders', route: '/orders' }),
  );

  app.get<ById>('/api/orders/:id', (request, reply) =>
    forward(request, reply, {
      client: order,
      method: 'GET',
      path: `/orders/${knownId(request.params.id)}`,
      route: '/orders/{id}',
    }),
  );

  app.post<ById>('/api/orders/:id/cancel', (request, reply) =>
    forward(request, reply, {
      client: order,
      method: 'POST',
      path: `/orders/${knownId(request.params.id)}/cancel`,
      route: '/orders/{id}/cancel',
    }),
  );

  app.get<ById>('/api/charges/:id', (request, reply) =>
    forward(request, reply, {
      client: payment,
      method: 'GET',
      path: `/charges/${knownId(request.params.id)}`,
      route: '/charges/{id}',
    }),
  );
}
