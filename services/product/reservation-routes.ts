import * as z from 'zod';
import { reservationRequestSchema } from '#contracts/product.ts';
import type { Cache } from '#kit/cache.ts';
import type { Pool } from '#kit/postgres.ts';
import type { Server } from '#kit/server.ts';
import { withSpan } from '#kit/tracing.ts';
import { pathId } from '#kit/validation.ts';
import type { ProductMetrics } from './metrics.ts';
import { commit, readReservation, release, reserve } from './reservation-store.ts';
import { invalidate } from './stock-cache.ts';

const idParams = z.object({ id: pathId });

export interface ReservationRoutesOptions {
  readonly pool: Pool;
  readonly cache: Cache;
  readonly business: ProductMetrics;
}

/** Stock reservations under an id that the caller chooses, so that each call may be repeated. */
export async function reservationRoutes(app: Server, options: ReservationRoutesOptions): Promise<void> {
  const { pool, cache, business } = options;

  app.put('/reservations/:id', { schema: { params: idParams, body: reservationRequestSchema } }, (request, reply) => {
    const { id } = request.params;
    const { items, ttlSeconds } = request.body;
    return withSpan('product.reserve', { 'reservation.id': id, 'reservation.items': items.length }, async () => {
      try {
        const { reservation, created, changes } = await reserve(pool, id, items, ttlSeconds);
        business.reservations.inc({ result: created ? 'held' : 'renewed' });
        await invalidate(cache, changes);
        return reply.code(created ? 201 : 200).send(reservation);
      } catch (error) {
        business.reservations.inc({ result: 'refused' });
        throw error;
      }
    });
  });

  app.get('/reservations/:id', { schema: { params: idParams } }, (request) => readReservation(pool, request.params.id));

  app.post('/reservations/:id/commit', { schema: { params: idParams } }, async (request) => {
    const { reservation, changes } = await commit(pool, request.params.id);
    if (changes.length > 0) business.reservations.inc({ result: 'committed' });
    await invalidate(cache, changes);
    return reservation;
  });

  app.post('/reservations/:id/release', { schema: { params: idParams } }, async (request) => {
    const { reservation, changes } = await release(pool, request.params.id);
    if (changes.length > 0) business.reservations.inc({ result: 'released' });
    await invalidate(cache, changes);
    return reservation;
  });
}
