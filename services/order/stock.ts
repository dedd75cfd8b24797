import { type Reservation, reservationSchema } from '#contracts/product.ts';
import type { Client } from '#kit/client/client.ts';
import { UpstreamError } from '#kit/client/errors.ts';
import type { FieldError } from '#kit/problem.ts';
import type { OrderRow } from './order-store.ts';

export type ReserveOutcome =
  | { readonly kind: 'held'; readonly reservation: Reservation }
  | {
      readonly kind: 'refused';
      readonly reason: 'out_of_stock' | 'unknown_product';
      readonly errors: readonly FieldError[];
    };

export type CommitOutcome = 'committed' | 'lost';

/** What an order wants of the product service; each call may be repeated. A failure that may pass is thrown. */
export interface Stock {
  reserve(order: OrderRow): Promise<ReserveOutcome>;
  commit(order: OrderRow): Promise<CommitOutcome>;
  release(order: OrderRow): Promise<void>;
}

const TTL_SECONDS = 900;

export function stockOf(client: Client): Stock {
  const reserve = async (order: OrderRow): Promise<ReserveOutcome> => {
    const items = order.items.map(({ productId, quantity }) => ({ productId, quantity }));
    try {
      const reservation = await client.json(reservationSchema, {
        method: 'PUT',
        path: `/reservations/${order.id}`,
        route: '/reservations/{id}',
        body: { items, ttlSeconds: TTL_SECONDS },
      });
      return { kind: 'held', reservation };
    } catch (error) {
      const status = refusalOf(error);
      if (status === undefined) throw error;
      const errors = ((error as UpstreamError).body as { errors?: FieldError[] } | undefined)?.errors ?? [];
      return { kind: 'refused', reason: status === 400 ? 'unknown_product' : 'out_of_stock', errors };
    }
  };

  const settle = (order: OrderRow, verb: 'commit' | 'release') =>
    client.json(reservationSchema, {
      method: 'POST',
      path: `/reservations/${order.id}/${verb}`,
      route: `/reservations/{id}/${verb}`,
      idempotent: true,
    });

  return {
    reserve,
    async commit(order) {
      try {
        await settle(order, 'commit');
        return 'committed';
      } catch (error) {
        if (refusalOf(error) === undefined) throw error;
      }
      // It expired before the money came: what is there now decides.
      const again = await reserve(order);
      if (again.kind === 'refused') return 'lost';
      await settle(order, 'commit');
      return 'committed';
    },
    async release(order) {
      try {
        await settle(order, 'release');
      } catch (error) {
        if (refusalOf(error) !== 404) throw error;
      }
    },
  };
}

/** The status of an answer that trying again would not change, or undefined. */
export function refusalOf(error: unknown): number | undefined {
  if (!(error instanceof UpstreamError) || error.failure !== 'status') return undefined;
  const status = error.status ?? 0;
  return status >= 400 && status < 500 && status !== 408 && status !== 429 ? status : undefined;
}
