import type { Availability } from '#contracts/product.ts';

const LOW_UNITS = 10;

/** How the shop window speaks of a stock. */
export function availabilityOf(units: number): Availability {
  if (units <= 0) return 'sold_out';
  return units <= LOW_UNITS ? 'low' : 'in_stock';
}

/** Whether a change of stock shows in lists, which say only how available a product is. */
export function changesAvailability(before: number, after: number): boolean {
  return availabilityOf(before) !== availabilityOf(after);
}
