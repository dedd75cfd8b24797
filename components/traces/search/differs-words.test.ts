import { describe, expect, it } from 'vitest';
import { leftOutWords, placeWords, pointsWords, sidesWords } from './differs-words.ts';

const side = (traces: number, truncated = false) => ({ label: '', traces, truncated });

describe('what differs, in words', () => {
  it.each([
    [side(33), side(607), '33 traces against the other 607'],
    [side(1), side(20), '1 trace against the other 20'],
    [side(1_000, true), side(1_000, true), '1,000 of the selection against 1,000 of the rest'],
  ])('says how many were compared', (selection, baseline, words) =>
    expect(sidesWords({ selection, baseline })).toBe(words),
  );
  it.each([
    [0.97, 0.3, '67 pts'],
    [0.5, 0.49, '1 pt'],
    [0.1, 0.4, '−30 pts'],
    [0.5, 0.5, '0 pts'],
  ])('%d against %d', (a, b, words) => expect(pointsWords(a, b)).toBe(words));
  it('names a service only where it is not the one that is searched for', () => {
    expect(placeWords({ scope: 'span', service: 'payment' }, 'payment')).toBe('');
    expect(placeWords({ scope: 'span', service: 'order' }, 'payment')).toBe('of order');
    expect(placeWords({ scope: 'resource', service: 'order' }, null)).toBe('resource of order');
    expect(placeWords({ scope: 'trace', service: null }, null)).toBe('of the trace');
  });
  it('says why attributes were left out', () => {
    expect(
      leftOutWords([
        { key: 'order.id', reason: 'identifier' },
        { key: 'user.id', reason: 'identifier' },
        { key: 'url.full', reason: 'nearly_unique' },
      ]),
    ).toEqual(['identifiers: order.id, user.id', 'different in nearly every trace: url.full']);
  });
});
