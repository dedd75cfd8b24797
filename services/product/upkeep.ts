import type { Cache } from '#kit/cache.ts';
import type { Logger } from '#kit/log.ts';
import type { Pool } from '#kit/postgres.ts';
import { type Repeating, repeat } from '#kit/repeat.ts';
import { restock } from './catalogue-store.ts';
import type { ProductMetrics } from './metrics.ts';
import { expireDue } from './reservation-store.ts';
import { invalidate, LISTS, productKey } from './stock-cache.ts';

export interface UpkeepOptions {
  readonly pool: Pool;
  readonly cache: Cache;
  readonly log: Logger;
  readonly business: ProductMetrics;
  readonly intervalMs: number;
  readonly restockBelowUnits: number;
  readonly restockToUnits: number;
}

const BATCH = 100;

/** Gives back the stock of reservations that nobody completed, and buys in what has run low. */
export function startUpkeep(options: UpkeepOptions): Repeating {
  const { pool, cache, log, business, restockBelowUnits, restockToUnits } = options;
  return repeat('the upkeep of the stock', options.intervalMs, log, async () => {
    const { count, changes } = await expireDue(pool, BATCH);
    if (count > 0) {
      business.reservations.inc({ result: 'expired' }, count);
      log.info({ count }, 'reservations expired');
      await invalidate(cache, changes);
    }
    if (restockBelowUnits > 0) {
      const { ids, units } = await restock(pool, restockBelowUnits, restockToUnits);
      if (ids.length > 0) {
        business.restockedUnits.inc(units);
        log.info({ products: ids.length, units }, 'stock was bought in');
        await cache.drop(...ids.map(productKey));
        await cache.bump(LISTS);
      }
    }
    return count === BATCH;
  });
}
