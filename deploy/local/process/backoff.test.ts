import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BackoffState, defaultBackoff, nextBackoff } from './backoff.ts';

test('each death in a row doubles the wait, up to the longest', () => {
  let state: BackoffState = { failures: 0 };
  const waits: number[] = [];
  for (let death = 0; death < 9; death += 1) {
    const next = nextBackoff(state, 100);
    state = next.state;
    waits.push(next.waitMs);
  }
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('a process that ran long enough starts afresh', () => {
  const { state, waitMs, crashLoop } = nextBackoff({ failures: 7 }, defaultBackoff.stableMs);
  expect({ state, waitMs, crashLoop }).toEqual({ state: { failures: 1 }, waitMs: 500, crashLoop: false });
});

test('the wait is never outside its bounds, and a crash loop is one from the fifth failure on', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(200_000), (failures, ranMs) => {
      const next = nextBackoff({ failures }, ranMs);
      expect(next.waitMs).toBeGreaterThanOrEqual(defaultBackoff.firstMs);
      expect(next.waitMs).toBeLessThanOrEqual(defaultBackoff.longestMs);
      expect(next.crashLoop).toBe(next.state.failures >= defaultBackoff.loopAfter);
    }),
  );
});
