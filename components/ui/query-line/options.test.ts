import { describe, expect, test } from 'vitest';
import { type EnterMeans, nextOption } from './options.ts';

function walk(step: 1 | -1, count: number, enterMeans: EnterMeans): number[] {
  const places = [-1];
  for (let i = 0; i < count + 2; i++) places.push(nextOption(places.at(-1) as number, step, count, enterMeans));
  return places;
}

describe('arrow keys', () => {
  test('also stop at none of the options where Enter means what was written', () => {
    expect(walk(1, 3, 'written')).toEqual([-1, 0, 1, 2, -1, 0]);
    expect(walk(-1, 3, 'written')).toEqual([-1, 2, 1, 0, -1, 2]);
  });

  test('go round the options where Enter means one of them', () => {
    expect(walk(1, 3, 'offered')).toEqual([-1, 0, 1, 2, 0, 1]);
    expect(walk(-1, 3, 'offered')).toEqual([-1, 2, 1, 0, 2, 1]);
  });

  test.each(['written', 'offered'] as const)('stay at none where there are none: %s', (enterMeans) => {
    expect(nextOption(4, 1, 0, enterMeans)).toBe(-1);
    expect(nextOption(-1, -1, 0, enterMeans)).toBe(-1);
  });
});
