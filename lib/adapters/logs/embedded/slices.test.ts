import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Slice, slicer } from './slices.ts';

const order = fc.constantFrom('newest' as const, 'oldest' as const);
const range = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.bigInt({ min: 0n, max: 10n ** 15n }))
  .map(([a, length]): Slice => ({ fromNs: a, toNs: a + length }));

test('the parts cover the range without a gap, in order, and grow', () => {
  fc.assert(
    fc.property(range, order, fc.array(fc.boolean(), { maxLength: 6 }), (whole, direction, shrinks) => {
      const parts = slicer(whole, direction);
      const seen: Slice[] = [];
      for (let part = parts.next(); part; part = parts.next()) {
        if (shrinks.shift() && parts.shrink()) continue;
        seen.push(part);
        parts.done(part);
        expect(parts.reachedNs()).toBe(direction === 'newest' ? part.fromNs : part.toNs);
      }
      const inTime = direction === 'newest' ? seen.toReversed() : seen;
      inTime.forEach((part, index) => {
        expect(part.fromNs).toBe(index === 0 ? whole.fromNs : inTime[index - 1]?.toNs);
        expect(part.toNs).toBeGreaterThan(part.fromNs);
      });
      expect(seen.length === 0 ? whole.fromNs : inTime.at(-1)?.toNs).toBe(whole.toNs);
      expect(seen.length).toBeLessThan(60);
    }),
  );
});

test('a part that takes too long becomes smaller, until it cannot', () => {
  const parts = slicer({ fromNs: 0n, toNs: 10n ** 15n }, 'newest');
  const first = parts.next() as Slice;
  let times = 0;
  while (parts.shrink()) times += 1;
  const last = parts.next() as Slice;
  expect(times).toBeGreaterThan(1);
  expect(last.toNs - last.fromNs).toBeLessThan(first.toNs - first.fromNs);
  expect(last.toNs - last.fromNs).toBeGreaterThan(0n);
});
