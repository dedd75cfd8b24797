import { type Charge, chargeSchema } from '#contracts/payment.ts';
import type { Client } from '#kit/client/client.ts';
import { IDEMPOTENCY_HEADER } from '#kit/idempotency.ts';
import type { OrderRow } from './order-store.ts';

/** What an order wants of the payment service; each call may be repeated. A failure that may pass is thrown. */
export interface Payments {
  /** The order's charge: made, or the one that was made before. */
  charge(order: OrderRow): Promise<Charge>;
  find(chargeId: string): Promise<Charge>;
  void(chargeId: string): Promise<Charge>;
}

export function paymentsOf(client: Client): Payments {
  return {
    charge: (order) =>
      client.json(chargeSchema, {
        method: 'POST',
        path: '/charges',
        route: '/charges',
        headers: { [IDEMPOTENCY_HEADER]: `order-${order.id}` },
        idempotent: true,
        body: {
          orderId: order.id,
          amountMinor: order.total_minor,
          currency: order.currency,
          paymentMethod: order.payment_method,
        },
      }),
    find: (chargeId) =>
      client.json(chargeSchema, { method: 'GET', path: `/charges/${chargeId}`, route: '/charges/{id}' }),
    void: (chargeId) =>
      client.json(chargeSchema, {
        method: 'POST',
        path: `/charges/${chargeId}/void`,
        route: '/charges/{id}/void',
        idempotent: true,
      }),
  };
}
