import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createRatioControl, keepsTrace, leastRatio } from './ratio.ts';

const traceId = fc.uint8Array({ minLength: 16, maxLength: 16 });
const ratio = fc.double({ min: leastRatio, max: 1, noNaN: true });

describe('a ratio', () => {
  it('keeps of a higher ratio only what it keeps itself', () => {
    fc.assert(
      fc.property(traceId, ratio, ratio, (id, a, b) => {
        fc.pre(a <= b);
        if (keepsTrace(id, a)) expect(keepsTrace(id, b)).toBe(true);
      }),
    );
  });

  it('of 1 keeps all', () => {
    fc.assert(fc.property(traceId, (id) => keepsTrace(id, 1)));
    expect(keepsTrace(new Uint8Array(16), 1)).toBe(true);
    expect(keepsTrace(new Uint8Array(16), 0.999)).toBe(false);
    expect(keepsTrace(new Uint8Array(16).fill(255), leastRatio)).toBe(true);
  });

  test.each([0.5, 0.1, 0.01])('of %d keeps about that part of random ids', (part) => {
    const kept = Array.from({ length: 40_000 }, () => randomBytes(16)).filter((id) => keepsTrace(id, part)).length;
    const deviation = Math.sqrt(40_000 * part * (1 - part));
    expect(Math.abs(kept - 40_000 * part)).toBeLessThan(6 * deviation);
  });
});

/** A control that sees so many spans in each of some seconds; returns the ratios. */
function run(control: ReturnType<typeof createRatioControl>, rates: number[], from = 0): number[] {
  return rates.map((spans, second) => {
    control.arrived(spans);
    return control.update((from + second + 1) * 1_000);
  });
}

describe('the ratio in force', () => {
  it('is 1 up to the rate that may be kept', () => {
    expect(run(createRatioControl(2_000, 0), new Array(30).fill(2_000))).toEqual(new Array(30).fill(1));
  });

  it('falls within seconds, then holds, and returns to 1', () => {
    const control = createRatioControl(2_000, 0);
    const rising = run(control, new Array(20).fill(8_000));
    expect(rising[4]).toBeLessThan(0.35);
    expect(rising[19]).toBeGreaterThan(0.22);
    expect(rising[19]).toBeLessThan(0.29);
    expect(new Set(rising.slice(12)).size).toBe(1);
    const falling = run(control, new Array(20).fill(500), 20);
    expect(falling[19]).toBe(1);
  });

  it('holds while the rate wavers by little', () => {
    const control = createRatioControl(2_000, 0);
    run(control, new Array(20).fill(8_000));
    const wavering = run(
      control,
      Array.from({ length: 40 }, (_, n) => (n % 2 ? 8_300 : 7_700)),
      20,
    );
    expect(new Set(wavering).size).toBe(1);
  });

  it('never falls below the least', () => {
    expect(run(createRatioControl(1, 0), new Array(20).fill(10_000_000)).at(-1)).toBe(leastRatio);
  });
});
