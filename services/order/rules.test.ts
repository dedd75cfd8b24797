import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderStateSchema } from '#contracts/order.ts';
import { CANCELLABLE_STATES, FINAL_STATES, isFinal, mayBecome, pollDelayMs } from './rules.ts';

const states = orderStateSchema.options;

describe('the states of an order', () => {
  it('lead from every unfinished one to an end', () => {
    for (const state of states) {
      const reachable = new Set([state]);
      for (const from of reachable) for (const to of states) if (mayBecome(from, to)) reachable.add(to);
      expect([...reachable].some(isFinal)).toBe(true);
    }
  });

  it('are never left once final', () => {
    for (const from of FINAL_STATES) for (const to of states) expect(mayBecome(from, to)).toBe(false);
  });

  it('never walk in a circle, whatever is tried', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...states)), (tries) => {
        const seen = ['pending'];
        for (const next of tries) if (mayBecome(seen.at(-1) as 'pending', next)) seen.push(next);
        expect(new Set(seen).size).toBe(seen.length);
      }),
    );
  });

  it('confirm only what was paid, and compensate whatever may be cancelled', () => {
    expect(states.filter((state) => mayBecome(state, 'confirmed'))).toEqual(['paid']);
    for (const state of CANCELLABLE_STATES) expect(mayBecome(state, 'compensating')).toBe(true);
  });
});

it('asks for a charge less and less often, and at least every three seconds', () => {
  expect([0, 1, 2, 10, 1_000].map(pollDelayMs)).toEqual([250, 375, 563, 3_000, 3_000]);
});
