import { expect, it } from 'vitest';
import { changesAvailability } from './rules.ts';
import { seedProducts } from './seed.ts';

it('makes 200 different products, the same each time', () => {
  const products = seedProducts();
  expect(products).toHaveLength(200);
  for (const key of ['id', 'sku', 'name'] as const)
    expect(new Set(products.map((product) => product[key])).size).toBe(200);
  expect(seedProducts()).toEqual(products);
  for (const { priceMinor, onHand } of products) {
    expect(Number.isInteger(priceMinor) && priceMinor > 0).toBe(true);
    expect(onHand).toBeGreaterThanOrEqual(200);
  }
});

it.each([
  [20, 19, false],
  [11, 10, true],
  [5, 3, false],
  [1, 0, true],
  [0, 50, true],
])('a stock that goes from %i to %i shows in lists: %j', (before, after, shows) => {
  expect(changesAvailability(before, after)).toBe(shows);
});
