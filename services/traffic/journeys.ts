import { randomUUID } from 'node:crypto';
import { orderSchema } from '#contracts/order.ts';
import { productListSchema } from '#contracts/product.ts';
import type { Answer, Call, Client } from '#kit/client/client.ts';

export const JOURNEYS = ['browse', 'search', 'detail', 'order', 'unknown_id', 'bad_input'] as const;
export type Journey = (typeof JOURNEYS)[number];

/** How often each is made, as parts of all. */
const SHARES: Readonly<Record<Journey, number>> = {
  browse: 0.3,
  search: 0.2,
  detail: 0.38,
  order: 0.08,
  unknown_id: 0.02,
  bad_input: 0.02,
};

export function pickJourney(random: () => number): Journey {
  let left = random();
  for (const journey of JOURNEYS) {
    left -= SHARES[journey];
    if (left < 0) return journey;
  }
  return 'browse';
}

const WORDS = ['lamp', 'steel', 'oslo', 'garden', 'notebook', 'radio', 'oak', 'flask', 'porto', 'speaker'];
const CATEGORIES = ['kitchen', 'desk', 'garden', 'audio', 'travel'];
const SORTS = ['name', 'price', '-price'];
const METHODS = [
  'pm_visa',
  'pm_visa',
  'pm_mastercard',
  'pm_visa',
  'pm_mastercard',
  'pm_sepa',
  'pm_visa',
  'pm_declined',
];

export interface JourneyContext {
  readonly gateway: Client;
  readonly apiKey: string;
  readonly random: () => number;
  /** Called with the state in which a placed order was last seen. */
  readonly ordered: (state: string) => void;
}

/** What customers do. Each throws when the gateway fails it; an honest 4xx is an answer like any other. */
export class Customer {
  readonly #context: JourneyContext;
  #productIds: string[] = [];

  constructor(context: JourneyContext) {
    this.#context = context;
  }

  async make(journey: Journey): Promise<void> {
    switch (journey) {
      case 'browse':
        return this.#browse(`?category=${this.#pick(CATEGORIES)}&sort=${this.#pick(SORTS)}&limit=20`);
      case 'search':
        return this.#browse(`?q=${this.#pick(WORDS)}&limit=20`);
      case 'detail':
        return this.#detail(await this.#productId());
      case 'order':
        return this.#order();
      case 'unknown_id':
        return this.#detail(`prd_${randomUUID().slice(0, 8)}`);
      case 'bad_input':
        await this.#send({ method: 'GET', path: '/api/products?limit=lots', route: '/api/products' });
    }
  }

  async #browse(query: string): Promise<void> {
    const answer = await this.#send({ method: 'GET', path: `/api/products${query}`, route: '/api/products' });
    if (answer.status !== 200) return;
    const list = productListSchema.parse(JSON.parse(answer.body.toString('utf8')));
    this.#productIds = [...new Set([...list.items.map((item) => item.id), ...this.#productIds])].slice(0, 100);
  }

  async #detail(id: string): Promise<void> {
    await this.#send({ method: 'GET', path: `/api/products/${id}`, route: '/api/products/{id}' });
  }

  async #order(): Promise<void> {
    const ids = new Set([await this.#productId(), await this.#productId()]);
    const items = [...ids].map((productId) => ({ productId, quantity: 1 + Math.floor(this.#context.random() * 3) }));
    const placed = await this.#send({
      method: 'POST',
      path: '/api/orders',
      route: '/api/orders',
      headers: { 'idempotency-key': randomUUID() },
      body: { items, paymentMethod: this.#pick(METHODS) },
    });
    if (placed.status !== 201) return this.#context.ordered('refused');
    const { id } = orderSchema.parse(JSON.parse(placed.body.toString('utf8')));
    this.#context.ordered(await this.#follow(id));
  }

  async #follow(id: string): Promise<string> {
    let state = 'pending';
    for (const pauseMs of [400, 800, 1_600, 3_200]) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const answer = await this.#send({ method: 'GET', path: `/api/orders/${id}`, route: '/api/orders/{id}' });
      if (answer.status === 200) state = orderSchema.parse(JSON.parse(answer.body.toString('utf8'))).state;
      if (['confirmed', 'failed', 'cancelled'].includes(state)) break;
    }
    return state;
  }

  async #productId(): Promise<string> {
    if (this.#productIds.length === 0) await this.#browse('?limit=50');
    return this.#pick(this.#productIds.length > 0 ? this.#productIds : ['prd_0001']);
  }

  #send(call: Call): Promise<Answer> {
    return this.#context.gateway.send({ ...call, headers: { ...call.headers, 'x-api-key': this.#context.apiKey } });
  }

  #pick(values: readonly string[]): string {
    return values[Math.floor(this.#context.random() * values.length)] as string;
  }
}
