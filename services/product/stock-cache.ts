import type { Cache } from '#kit/cache.ts';
import type { StockChange } from './reservation-store.ts';
import { changesAvailability } from './rules.ts';

export const productKey = (id: string) => `product:${id}`;
export const LISTS = 'lists';

/** Drops what a change of stock made wrong: the products, and the lists when they would look different. */
export async function invalidate(cache: Cache, changes: readonly StockChange[]): Promise<void> {
  if (changes.length === 0) return;
  await cache.drop(...changes.map((change) => productKey(change.productId)));
  if (changes.some(({ before, after }) => changesAvailability(before, after))) await cache.bump(LISTS);
}
