import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type Charge, chargeSchema } from '#contracts/payment.ts';
import { type ReservationState, reservationSchema } from '#contracts/product.ts';
import { answerJson } from '#kit/testing/upstream.ts';

/** A shop's stock and its bank as far as an order sees them, for tests; each can be told to fail. */
export interface World {
  /** Units of the one product there is, `prd_0001`. */
  stock: number;
  readonly reservations: Map<string, { state: ReservationState; quantity: number }>;
  readonly charges: Map<string, { key: string; charge: Charge }>;
  /** Anything but 200 is what every request is answered with. */
  productStatus: number;
  paymentStatus: number;
  /** Whether charges succeed at once but their answers never arrive. */
  loseAnswers: boolean;
  /** What a queued charge becomes when it is next asked for. */
  settlesAs: Charge['state'];
}

export function createWorld(): World {
  return {
    stock: 10,
    reservations: new Map(),
    charges: new Map(),
    productStatus: 200,
    paymentStatus: 200,
    loseAnswers: false,
    settlesAs: 'succeeded',
  };
}

export interface Asked {
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** An answer, or none: the connection breaks. */
export type Reply = { readonly status: number; readonly body: unknown } | undefined;

export function reply(response: ServerResponse, answer: Reply): void {
  if (answer) answerJson(response, answer.status, answer.body);
  else response.destroy();
}

const refuse = (status: number, code: string, errors: unknown[] = []): Reply => ({ status, body: { code, errors } });

export function answerAsProduct(world: World, asked: Asked): Reply {
  if (world.productStatus !== 200) return refuse(world.productStatus, 'x.y');
  const [, , id = '', verb] = asked.url.split('/');
  if (!verb) return reserve(world, id, asked.body);
  const known = world.reservations.get(id);
  if (!known) return refuse(404, 'product.no_reservation');
  if (verb === 'commit') {
    if (known.state !== 'held' && known.state !== 'committed') return refuse(409, `product.reservation_${known.state}`);
    known.state = 'committed';
  } else if (known.state === 'held') {
    world.stock += known.quantity;
    known.state = 'released';
  }
  return showReservation(world, id);
}

function reserve(world: World, id: string, body: string): Reply {
  const { items } = JSON.parse(body) as { items: { productId: string; quantity: number }[] };
  const [item] = items;
  if (item?.productId !== 'prd_0001') {
    return refuse(400, 'request.invalid', [
      { path: 'items[0].productId', code: 'unknown_product', message: 'is unknown' },
    ]);
  }
  const known = world.reservations.get(id);
  if (!known || known.state === 'expired') {
    if (world.stock < item.quantity) return refuse(409, 'product.insufficient_stock');
    world.stock -= item.quantity;
    world.reservations.set(id, { state: 'held', quantity: item.quantity });
  }
  return showReservation(world, id);
}

function showReservation(world: World, id: string): Reply {
  const { state, quantity } = world.reservations.get(id) as { state: ReservationState; quantity: number };
  const body = reservationSchema.parse({
    id,
    state,
    items: [{ productId: 'prd_0001', quantity, priceMinor: 1_000, currency: 'EUR' }],
    totalMinor: quantity * 1_000,
    currency: 'EUR',
    expiresAt: new Date().toISOString(),
  });
  return { status: 200, body };
}

export function answerAsPayment(world: World, asked: Asked): Reply {
  if (world.paymentStatus !== 200) return refuse(world.paymentStatus, 'x.y');
  const [, , id, verb] = asked.url.split('/');
  if (!id) {
    const charge = makeCharge(world, String(asked.headers['idempotency-key']), asked.body);
    return world.loseAnswers ? undefined : { status: 202, body: charge };
  }
  if (world.loseAnswers) return undefined;
  const charge = world.charges.get(id)?.charge;
  if (!charge) return refuse(404, 'request.not_found');
  if (verb === 'void') {
    if (charge.state === 'succeeded') charge.state = 'refunded';
    if (charge.state === 'queued') charge.state = 'cancelled';
  } else if (charge.state === 'queued') charge.state = world.settlesAs;
  return { status: 200, body: charge };
}

function makeCharge(world: World, key: string, body: string): Charge {
  for (const known of world.charges.values()) if (known.key === key) return known.charge;
  const { orderId, amountMinor } = JSON.parse(body) as { orderId: string; amountMinor: number };
  const charge = chargeSchema.parse({
    id: randomUUID(),
    orderId,
    state: world.loseAnswers ? 'succeeded' : 'queued',
    amountMinor,
    currency: 'EUR',
    declineReason: null,
    createdAt: new Date().toISOString(),
    settledAt: null,
  });
  world.charges.set(charge.id, { key, charge });
  return charge;
}
