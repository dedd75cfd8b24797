import { expect, test } from 'vitest';
import { type Evidence, isNewborn } from './births.ts';

const atMs = 100_000_000;
const minute = 60_000;
const nothing: Evidence = { targetSeenMs: null, processStartMs: null, seenMs: null, intervalMs: 15_000 };

test.each<[string, Partial<Evidence>, boolean]>([
  ['nothing is known: it may be years old', {}, false],
  ['its target was scraped before without it', { targetSeenMs: atMs - 15_000 }, true],
  ['its target was first scraped with it', { targetSeenMs: atMs }, false],
  [
    'a process a minute old, others scraped before',
    { processStartMs: atMs - minute, seenMs: atMs - 30 * minute },
    true,
  ],
  [
    'a process a year old that is scraped from now on',
    { processStartMs: atMs - 525_600 * minute, seenMs: atMs - 30 * minute },
    false,
  ],
  ['a process a minute old, the first that is scraped at all', { processStartMs: atMs - minute }, true],
  ['a process twenty minutes old, the first that is scraped at all', { processStartMs: atMs - 20 * minute }, false],
  [
    'a process twenty minutes old among others',
    { processStartMs: atMs - 20 * minute, seenMs: atMs - 30 * minute },
    true,
  ],
  ['no process known, others scraped before: a replica more', { seenMs: atMs - 30 * minute }, true],
  ['no process known, others first scraped in the same round', { seenMs: atMs - 10_000 }, false],
  [
    'an old process whose target was scraped before without the series',
    { targetSeenMs: atMs - minute, processStartMs: 0 },
    true,
  ],
])('%s', (_, known, expected) => {
  expect(isNewborn(atMs, { ...nothing, ...known })).toBe(expected);
});
