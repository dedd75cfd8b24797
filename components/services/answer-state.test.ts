import { describe, expect, it } from 'vitest';
import { answerNotes, answerState } from './answer-state.ts';

const data = {
  asOf: '2026-11-21T14:26:00.000Z',
  source: { id: 'p', name: 'Prometheus', state: 'ok' as const, failingSince: null, lastSuccessAt: null, error: null },
  stale: null,
  warnings: [] as string[],
};
const query = {
  isPending: false,
  isError: false,
  data,
  error: null as unknown,
  dataUpdatedAt: 1,
  errorUpdatedAt: 0,
  refetch: () => undefined,
};

describe('answerState', () => {
  it('is stale with the age of the figures, not of the answer', () => {
    const stale = { since: '2026-11-21T14:26:05.000Z', reason: 'connection refused' };
    expect(answerState({ ...query, data: { ...data, stale } })).toEqual({ kind: 'stale', asOf: Date.parse(data.asOf) });
    expect(answerState({ ...query, isError: true, error: { status: 503 } })).toEqual({
      kind: 'stale',
      asOf: Date.parse(data.asOf),
    });
  });

  it('is partial where the engine warned', () => {
    const warned = { ...query, data: { ...data, warnings: ['one store is away'] } };
    expect(answerState(warned).kind).toBe('partial');
    expect(answerNotes(warned)).toEqual(['one store is away']);
  });

  it('blames the console, not Prometheus, when the console does not answer', () => {
    const error = Object.assign(new Error('no answer'), { status: 0 });
    expect(answerState({ ...query, data: undefined, isError: true, error })).toMatchObject({
      kind: 'sourceDown',
      source: 'The console',
    });
  });
});
