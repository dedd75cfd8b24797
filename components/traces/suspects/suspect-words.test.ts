import { describe, expect, it } from 'vitest';
import { explainsWords, failingSentence, suspectHref } from './suspect-words.ts';

describe('suspects in words', () => {
  it.each([
    [0, 0, 'No request of it was found in this time.'],
    [0, 1, 'The one request in this time succeeded.'],
    [0, 1_204, 'None of 1,204 requests failed in this time.'],
    [12, 1_192, '12 of 1,204 requests failed.'],
  ])('%d failing, %d not', (failing, ok, words) => expect(failingSentence({ failing, ok })).toBe(words));
  it('says what one explains on both sides', () => {
    expect(explainsWords({ failingRatio: 0.94, okRatio: 0.06 })).toBe('explains 94 % of failing, 6 % of successful');
  });
  it('leads to its traces, with or without a question mark', () => {
    expect(suspectHref('service=payment')).toBe('/traces?service=payment');
    expect(suspectHref('?service=payment')).toBe('/traces?service=payment');
  });
});
