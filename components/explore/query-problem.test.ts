import { describe, expect, it } from 'vitest';
import { ApiError } from '#lib/core/fetch-json.ts';
import { offsetOf, queryProblem } from './query-problem.ts';

describe('queryProblem', () => {
  it.each([
    ['The expression does not parse at column 7: unexpected ")"', { line: 1, column: 7 }],
    ['The expression does not parse at line 2, column 3: unexpected "}"', { line: 2, column: 3 }],
    ['The query reads too much: 50000000 samples', null],
  ])('finds the place in %o', (message, position) => {
    expect(queryProblem(new ApiError(400, 'telemetry.query_invalid', message))).toEqual({
      message,
      position,
      isQuery: true,
    });
  });
  it('tells a source that is away from a query that is wrong', () => {
    expect(queryProblem(new ApiError(503, 'source.unavailable', 'Nothing listens.')).isQuery).toBe(false);
    expect(queryProblem(new TypeError('x')).isQuery).toBe(false);
  });
});

describe('offsetOf', () => {
  it.each([
    ['sum(', 1, 5, 4],
    ['sum(\nup)', 2, 1, 5],
    ['up', 9, 9, 2],
    ['', 1, 1, 0],
  ])('in %o line %d column %d is %d', (text, line, column, offset) =>
    expect(offsetOf(text, { line, column })).toBe(offset),
  );
});
