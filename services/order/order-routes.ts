import * as z from 'zod';
import { orderRequestSchema } from '#contracts/order.ts';
import { requireIdempotencyKey } from '#kit/idempotency.ts';
import { notFound, Problem } from '#kit/problem.ts';
import type { Server } from '#kit/server.ts';
import { cancelOrder, findOrder, toOrder } from './order-store.ts';
import { type PlaceOrderOptions, placeOrder } from './place-order.ts';
import { CANCELLABLE_STATES } from './rules.ts';

export const CLIENT_HEADER = 'x-client';

const idParams = z.object({ id: z.uuid() });

/** Placing, reading and calling off orders. */
export async function orderRoutes(app: Server, options: PlaceOrderOptions): Promise<void> {
  const { pool, business } = options;

  app.post('/orders', { schema: { body: orderRequestSchema } }, async (request, reply) => {
    const client = request.headers[CLIENT_HEADER];
    const { order, replayed } = await placeOrder(options, {
      client: typeof client === 'string' ? client.slice(0, 64) : 'internal',
      idempotencyKey: requireIdempotencyKey(request.headers['idempotency-key']),
      request: request.body,
      correlationId: request.id,
    });
    if (replayed) reply.header('idempotency-replayed', 'true');
    return reply.code(201).header('location', `/orders/${order.id}`).send(toOrder(order));
  });

  app.get('/orders/:id', { schema: { params: idParams } }, async (request) => {
    const order = await findOrder(pool, request.params.id);
    if (!order) throw notFound('order', request.params.id);
    return toOrder(order);
  });

  app.post('/orders/:id/cancel', { schema: { params: idParams } }, async (request, reply) => {
    const { id } = request.params;
    const cancelled = await cancelOrder(pool, id, CANCELLABLE_STATES);
    if (cancelled) {
      business.transitions.inc({ state: 'compensating' });
      return reply.code(202).send(toOrder(cancelled));
    }
    const order = await findOrder(pool, id);
    if (!order) throw notFound('order', id);
    if (order.state === 'cancelled' || order.outcome === 'cancelled') return toOrder(order);
    throw new Problem(409, 'order.too_late', `The order is ${order.state} and can no longer be called off.`);
  });
}
