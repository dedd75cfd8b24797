import { describe, expect, it } from 'vitest';
import { ApiError } from '#lib/core/fetch-json.ts';
import type { FoundTrace, SourceAnswer } from '#lib/traces/schemas.ts';
import {
  drawnWords,
  failedSources,
  listedWords,
  samplingSentence,
  searchProblem,
  sourcesSentence,
  tracesState,
} from './answer-words.ts';

const items = (count: number) => Array.from({ length: count }, () => ({}) as FoundTrace);
const sampling = { keptRatio: 0.1, leastRatio: 0.02, rule: 'Every error and every slow trace is kept' };
const source = (name: string, outcome: SourceAnswer['outcome'], detail: string | null = null): SourceAnswer => ({
  id: name,
  name,
  kind: 'jaeger',
  outcome,
  detail,
});

describe('how many traces there are', () => {
  it.each([
    [640, false, sampling, '640 sampled traces, log scale'],
    [640, false, null, '640 traces, log scale'],
    [1, false, { ...sampling, keptRatio: 1 }, '1 trace, log scale'],
    [1_000, true, null, '1,000 traces chosen evenly out of more, log scale'],
  ])('%d, truncated %s', (count, truncated, kept, words) =>
    expect(drawnWords({ items: items(count), truncated, sampling: kept })).toBe(words),
  );
  it.each([
    [50, true, 'the newest 50; more match'],
    [12, false, 'all 12 that match, newest first'],
    [1, false, 'the only one that matches'],
  ])('listed: %d, truncated %s', (count, truncated, words) =>
    expect(listedWords({ items: items(count), truncated })).toBe(words),
  );
});

describe('what an answer rests on', () => {
  it('says the ratio and the rule', () => {
    expect(samplingSentence(sampling)).toBe(
      '10 % of the traces that arrived in this time were kept; of the ordinary ones at least 2 %. Every error and every slow trace is kept.',
    );
    expect(samplingSentence({ ...sampling, keptRatio: 1, leastRatio: 1 })).toContain('Everything that arrived');
  });
  it('names the sources that answered and those that did not', () => {
    const sources = [
      source('A', 'answered'),
      source('B', 'answered'),
      source('C', 'failed', 'It is down.'),
      source('D', 'skipped', 'It speaks no TraceQL.'),
    ];
    expect(sourcesSentence(sources)).toBe('Searched in A and B.');
    expect(failedSources(sources)).toEqual(['C did not answer. It is down.', 'D was not asked. It speaks no TraceQL.']);
    expect(sourcesSentence([source('C', 'failed')])).toBeNull();
  });
});

describe('the state of the screen', () => {
  const query = {
    isPending: false,
    isError: false,
    data: undefined,
    error: null,
    dataUpdatedAt: 5,
    errorUpdatedAt: 6,
    refetch: () => {},
  };
  const failed = (status: number, code: string, detail: string) => ({
    ...query,
    isError: true,
    error: new ApiError(status, code, detail),
  });
  it.each([
    [failed(503, 'source.unavailable', 'No source of traces is configured. Set OTLP_URL or TRACES_URL.'), 'empty'],
    [failed(503, 'source.unavailable', 'Jaeger: connection refused'), 'sourceDown'],
    [failed(403, 'auth.scope_too_narrow', 'The token does not reach this'), 'notPermitted'],
    [failed(400, 'traces.query_invalid', 'unexpected }'), 'noData'],
    [failed(0, 'network', 'The console does not answer.'), 'sourceDown'],
    [{ ...query, isPending: true }, 'loading'],
    [{ ...query, data: { sources: [source('A', 'answered')] } }, 'ok'],
    [{ ...query, data: { sources: [source('A', 'answered'), source('B', 'failed')] } }, 'partial'],
    [{ ...failed(503, 'source.timeout', 'too slow'), data: { sources: [source('A', 'answered')] } }, 'stale'],
  ])('%#', (given, kind) => expect(tracesState(given).kind).toBe(kind));
  it('says at the line only what is wrong with the search', () => {
    expect(searchProblem(new ApiError(400, 'traces.query_invalid', 'unexpected }'))).toBe('unexpected }');
    const errors = [{ path: 'attribute[1]', code: 'custom', message: 'must name an attribute' }];
    expect(searchProblem(new ApiError(400, 'request.invalid', 'x', errors))).toBe(
      'An attribute must name an attribute',
    );
    expect(searchProblem(new ApiError(403, 'auth.role_too_low', 'no'))).toBeNull();
    expect(searchProblem(new ApiError(503, 'source.unavailable', 'down'))).toBeNull();
    expect(searchProblem(new Error('other'))).toBeNull();
  });
});
