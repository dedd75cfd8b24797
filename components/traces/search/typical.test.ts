import { describe, expect, it } from 'vitest';
import type { FoundTrace } from '#lib/traces/schemas.ts';
import { typicalPair } from './typical.ts';

const trace = (traceId: string, name: string, durationMs: number, status: 'ok' | 'error' = 'ok') =>
  ({ traceId, match: { service: 'payment', name, durationMs, status } }) as FoundTrace;

describe('a pair worth comparing', () => {
  it('is the middle of each side, of the operation that the selection has most of', () => {
    const selected = [
      trace('s1', 'POST', 900),
      trace('s2', 'POST', 1_700),
      trace('s3', 'POST', 2_000),
      trace('s4', 'GET', 5_000),
    ];
    const rest = [trace('r1', 'POST', 100), trace('r2', 'POST', 170), trace('r3', 'POST', 300), trace('r4', 'GET', 1)];
    expect(typicalPair(selected, rest)).toMatchObject({ selected: { traceId: 's2' }, rest: { traceId: 'r2' } });
  });
  it('prefers one of the rest that did not fail', () => {
    const rest = [trace('bad', 'POST', 100, 'error'), trace('fine', 'POST', 900)];
    expect(typicalPair([trace('s', 'POST', 1)], rest)?.rest.traceId).toBe('fine');
  });
  it('is none where the rest has nothing of the kind', () => {
    expect(typicalPair([trace('s', 'POST', 1)], [trace('r', 'GET', 1)])).toBeNull();
    expect(typicalPair([], [])).toBeNull();
  });
});
