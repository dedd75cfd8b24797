import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, hearsChanges, staleAfterMs, streamStateOf, topicOf } from './stream-state.ts';

describe('the stream', () => {
  it.each([
    [{ open: false, everOpen: false, lostAt: undefined }, 'connecting'],
    [{ open: true, everOpen: true, lostAt: undefined }, 'live'],
    [{ open: false, everOpen: true, lostAt: 1000 }, 'reconnecting'],
    [{ open: false, everOpen: true, lostAt: 1001 - staleAfterMs }, 'stale'],
    [{ open: false, everOpen: false, lostAt: 1000 - staleAfterMs }, 'stale'],
  ] as const)('with %o is %s', (facts, state) => expect(streamStateOf(facts, 1001)).toBe(state));

  it('waits longer each time, never past 19 s, never less than 0.75 s', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const wait = backoffMs(attempt, random);
        expect(wait).toBeGreaterThanOrEqual(750);
        expect(wait).toBeLessThanOrEqual(18_750);
      }),
    );
  });

  it.each([
    ['{"topic":"facts","id":"1"}', 'facts'],
    ['{"topic":7}', undefined],
    ['null', undefined],
    ['not json', undefined],
  ])('reads the topic of %s as %s', (data, topic) => expect(topicOf(data)).toBe(topic));

  it.each([
    ['{"changes":true}', true],
    ['{"changes":false}', false],
    ['{}', true],
    ['', true],
  ])('takes the greeting %s for hearing: %s', (hello, hears) => expect(hearsChanges(hello)).toBe(hears));
});
