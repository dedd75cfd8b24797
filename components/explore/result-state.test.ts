import { describe, expect, it } from 'vitest';
import { ApiError } from '#lib/core/fetch-json.ts';
import { resultState } from './result-state.ts';

type Queries = Parameters<typeof resultState>[0];
type Result = Queries[number]['result'];

const answer = (over: object = {}) => ({
  series: [{}],
  warnings: [],
  stale: null,
  asOf: '2026-11-21T14:00:00.000Z',
  ...over,
});
const query = (result: object): Queries[number] => ({
  id: 0,
  name: 'A',
  expr: 'up',
  unit: 'none',
  result: { isPending: false, isError: false, dataUpdatedAt: 5, refetch: () => {}, ...result } as unknown as Result,
});
const answered = (over: object = {}) => query({ data: answer(over) });
const invalid = query({ isError: true, error: new ApiError(400, 'telemetry.query_invalid', 'no') });
const away = new ApiError(503, 'source.unavailable', 'Nothing listens.');
const pending = query({ isPending: true });

describe('the state of the results', () => {
  it.each<[string, Queries, string]>([
    ['nothing to ask', [], 'empty'],
    ['waits for the first answer', [pending], 'loading'],
    ['an answer', [answered()], 'ok'],
    ['an answer beside one that is awaited', [answered(), pending], 'ok'],
    ['an answer beside a query that is wrong', [answered(), invalid], 'ok'],
    ['only queries that are wrong', [invalid], 'noData'],
    ['a source that never answered', [query({ isError: true, error: away })], 'sourceDown'],
    ['no series', [answered({ series: [] })], 'noData'],
    ['a warning of the engine', [answered({ warnings: ['x'] })], 'partial'],
    ['an older answer of the server', [answered({ stale: { since: '', reason: '' } })], 'stale'],
    ['an answer that could not be renewed', [query({ isError: true, error: away, data: answer() })], 'stale'],
    ['one of two that could not', [query({ isError: true, error: away, data: answer() }), answered()], 'partial'],
  ])('%s', (_, queries, kind) => expect(resultState(queries).kind).toBe(kind));

  it('says since when nothing was renewed', () => {
    expect(resultState([query({ isError: true, error: away, data: answer() })])).toEqual({ kind: 'stale', asOf: 5 });
  });
});
