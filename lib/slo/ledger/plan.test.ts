import { describe, expect, test } from 'vitest';
import { bucketMs } from './grid.ts';
import { dueAgain, isWorthAgain, nextPart, nextSpan, readableUntil, spansOf } from './plan.ts';

const hour = 3_600_000;
const day = 24 * hour;

test.each([
  [10 * bucketMs, 9 * bucketMs],
  [10 * bucketMs + 29_999, 9 * bucketMs],
  [10 * bucketMs + 30_000, 10 * bucketMs],
])('at %d ms buckets up to %d can be read', (nowMs, expected) => {
  expect(readableUntil(nowMs, 5_000)).toBe(expected);
});

test('slow scrapes are waited for', () => {
  expect(readableUntil(10 * bucketMs + 119_999, 60_000)).toBe(9 * bucketMs);
  expect(readableUntil(10 * bucketMs + 120_000, 60_000)).toBe(10 * bucketMs);
});

describe('what is read next', () => {
  const until = 100 * day;
  test.each([
    ['a new ledger', null, until, { fromMs: until - hour, toMs: until }],
    ['one that is up to date', until, until, null],
    ['one bucket, and the last one again', until - bucketMs, until, { fromMs: until - 2 * bucketMs, toMs: until }],
    ['after some hours', until - 5 * hour, until, { fromMs: until - 5 * hour - bucketMs, toMs: until - 4 * hour }],
    ['after days', until - 3 * day, until, { fromMs: until - 3 * day - bucketMs, toMs: until - 3 * day + 6 * hour }],
  ])('%s', (_, untilMs, readableMs, expected) => {
    expect(nextSpan(untilMs, readableMs)).toEqual(expected);
  });
});

describe('buckets that are not whole', () => {
  test('are due at ages further and further apart, each once', () => {
    const seen: number[] = [];
    for (let pass = 1; pass <= 5_000; pass++) {
      if (dueAgain((pass - 1) * bucketMs, pass * bucketMs).includes(0)) seen.push(pass);
    }
    expect(seen).toEqual([5, 17, 65, 257, 1_025, 4_097]);
  });

  test('are due all the same when many passes were missed', () => {
    expect(dueAgain(0, 100 * bucketMs)).toContain(30 * bucketMs);
    expect(dueAgain(0, 0)).toEqual([]);
  });

  test.each([
    [null, 4_097, true],
    [0, 4_097, true],
    [0.5, 17, true],
    [0.5, 257, true],
    [0.5, 1_025, false],
    [1, 5, false],
  ])('with coverage %s at an age of %d are read again: %s', (coverage, age, expected) => {
    expect(isWorthAgain(0, coverage, age * bucketMs)).toBe(expected);
  });

  test('that follow each other are read together, an hour at most', () => {
    const starts = [0, 1, 2, 7, ...Array.from({ length: 14 }, (_, i) => 20 + i)].map((index) => index * bucketMs);
    expect(spansOf(starts).map(({ fromMs, toMs }) => [fromMs / bucketMs, toMs / bucketMs])).toEqual([
      [0, 3],
      [7, 8],
      [20, 32],
      [32, 34],
    ]);
  });
});

test('the past is filled day by day, the newest first', () => {
  const parts: number[][] = [];
  let untilMs = 10 * day + 3 * hour;
  for (let part = nextPart(untilMs, 8 * day + 90_000); part; part = nextPart(untilMs, 8 * day + 90_000)) {
    parts.push([part.fromMs / hour, part.toMs / hour]);
    untilMs = part.fromMs;
  }
  expect(parts).toEqual([
    [240, 243],
    [216, 240],
    [192, 216],
  ]);
});
