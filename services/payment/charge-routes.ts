import type { FastifyRequest } from 'fastify';
import * as z from 'zod';
import { type ChargeRequest, chargeRequestSchema } from '#contracts/payment.ts';
import { requireIdempotencyKey } from '#kit/idempotency.ts';
import type { Pool } from '#kit/postgres.ts';
import type { Server } from '#kit/server.ts';
import { currentTraceparent, withSpan } from '#kit/tracing.ts';
import { enqueueCharge, readCharge, voidCharge } from './charge-store.ts';

const idParams = z.object({ id: z.uuid() });

export interface ChargeRoutesOptions {
  readonly pool: Pool;
  /** Tells the worker that something is due. */
  readonly kick: () => void;
}

const chargeAttributes = ({ orderId, paymentMethod, currency }: ChargeRequest) => ({
  'order.id': orderId,
  'payment.method': paymentMethod,
  'payment.currency': currency,
});

/** Says on the span of a request what is to be charged, before anything can go wrong with it. */
export async function describeCharge(request: FastifyRequest): Promise<void> {
  const charge = chargeRequestSchema.safeParse(request.body);
  if (charge.success) request.span?.setAttributes(chargeAttributes(charge.data));
}

/** Charges are taken with 202 and settled later; a charge may be voided at any time. */
export async function chargeRoutes(app: Server, { pool, kick }: ChargeRoutesOptions): Promise<void> {
  app.post('/charges', { schema: { body: chargeRequestSchema } }, (request, reply) => {
    const idempotencyKey = requireIdempotencyKey(request.headers['idempotency-key']);
    return withSpan('payment.enqueue', chargeAttributes(request.body), async (span) => {
      const { charge, created } = await enqueueCharge(pool, {
        ...request.body,
        idempotencyKey,
        traceparent: currentTraceparent(),
        correlationId: request.id,
      });
      span.setAttributes({ 'charge.id': charge.id, 'charge.created': created });
      if (created) kick();
      else reply.header('idempotency-replayed', 'true');
      return reply.code(202).header('location', `/charges/${charge.id}`).send(charge);
    });
  });

  app.get('/charges/:id', { schema: { params: idParams } }, (request) => readCharge(pool, request.params.id));

  app.post('/charges/:id/void', { schema: { params: idParams } }, async (request, reply) => {
    const charge = await voidCharge(pool, request.params.id);
    kick();
    return reply.code(202).send(charge);
  });
}
