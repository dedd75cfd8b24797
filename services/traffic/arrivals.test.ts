import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextArrival, type Rhythm, rateAt, startArrivals } from './arrivals.ts';

// A small generator with a seed, so that the statistics below are the same on every run (mulberry32).
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function arrivalsWithin(rhythm: Rhythm, fromSeconds: number, toSeconds: number, random: () => number): number[] {
  const instants: number[] = [];
  for (
    let next = nextArrival(rhythm, fromSeconds, random);
    next < toSeconds;
    next = nextArrival(rhythm, next, random)
  ) {
    instants.push(next);
  }
  return instants;
}

const rhythm: Rhythm = { rate: 20, periodSeconds: 600, amplitude: 0.25 };

describe('arrivals', () => {
  it('come at the average rate over whole periods', () => {
    const count = arrivalsWithin(rhythm, 0, 6_000, seeded(1)).length;
    expect(count / 6_000).toBeGreaterThan(19.5);
    expect(count / 6_000).toBeLessThan(20.5);
  });

  it('are more at the crest than in the trough', () => {
    const crest = arrivalsWithin(rhythm, 100, 200, seeded(2)).length;
    const trough = arrivalsWithin(rhythm, 400, 500, seeded(3)).length;
    expect(crest).toBeGreaterThan(trough * 1.3);
    expect([rateAt(rhythm, 150), rateAt(rhythm, 450)]).toEqual([25, 15]);
  });

  it('are irregular, as a Poisson process is: the deviation of the gaps is near their mean', () => {
    const instants = arrivalsWithin({ ...rhythm, amplitude: 0 }, 0, 2_000, seeded(4));
    const gaps = instants.slice(1).map((instant, index) => instant - (instants[index] as number));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(deviation / mean).toBeGreaterThan(0.9);
    expect(deviation / mean).toBeLessThan(1.1);
  });

  it('always lie ahead', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.integer(), (after, seed) => {
        expect(nextArrival(rhythm, after, seeded(seed))).toBeGreaterThanOrEqual(after);
      }),
    );
  });
});

describe('startArrivals', () => {
  it('makes none at rate 0', async () => {
    let count = 0;
    const arrivals = startArrivals({ ...rhythm, rate: 0 }, () => count++);
    await new Promise((resolve) => setTimeout(resolve, 30));
    arrivals.stop();
    expect(count).toBe(0);
  });

  it('stops', async () => {
    let count = 0;
    const arrivals = startArrivals({ ...rhythm, rate: 1_000 }, () => count++);
    await new Promise((resolve) => setTimeout(resolve, 60));
    arrivals.stop();
    const after = count;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(after).toBeGreaterThan(5);
    expect(count).toBe(after);
  });
});
