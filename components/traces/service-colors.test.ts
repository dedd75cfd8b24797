import { describe, expect, test } from 'vitest';
import { serviceColor, serviceColorCount, serviceColorIndex, serviceColorToken } from './service-colors.ts';

describe('the colour of a service', () => {
  test('hangs on its name alone and never changes', () => {
    expect(['gateway', 'order', 'payment', 'product', 'traffic'].map(serviceColorIndex)).toEqual([0, 1, 3, 5, 4]);
    expect(serviceColor('gateway')).toBe('var(--s1)');
    expect(serviceColorToken('payment')).toBe('--s4');
  });

  test('is one of the palette for any name, the empty one included', () => {
    for (const name of ['', 'ü', '日本', 'a'.repeat(5_000)]) {
      expect(serviceColorIndex(name)).toBeGreaterThanOrEqual(0);
      expect(serviceColorIndex(name)).toBeLessThan(serviceColorCount);
    }
  });

  test('is spread evenly over names that are alike', () => {
    const counts = new Array<number>(serviceColorCount).fill(0);
    for (let i = 0; i < 6_000; i++) counts[serviceColorIndex(`service-${i}`)]!++;
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
