import { describe, expect, it } from 'vitest';
import { hoursToDrop } from './retention.ts';

describe('which hours must go', () => {
  const partitions = [
    { hour: 103, bytes: 0 },
    { hour: 102, bytes: 40 },
    { hour: 101, bytes: 30 },
    { hour: 100, bytes: 20 },
    { hour: 99, bytes: 10 },
  ];
  it.each([
    ['none within age and size', { oldestHour: 99, maxBytes: 100 }, []],
    ['those past their age', { oldestHour: 101, maxBytes: 100 }, ['99 age', '100 age']],
    ['the oldest until the rest fits', { oldestHour: 0, maxBytes: 70 }, ['99 size', '100 size']],
    ['no more than needed', { oldestHour: 0, maxBytes: 95 }, ['99 size']],
    ['what is dropped by age counts for the size', { oldestHour: 101, maxBytes: 70 }, ['99 age', '100 age']],
    [
      'also the present hour when it alone is too large',
      { oldestHour: 0, maxBytes: 39 },
      ['99 size', '100 size', '101 size', '102 size'],
    ],
  ])('%s', (_what, limits, expected) => {
    expect(hoursToDrop(partitions, limits).map(({ hour, reason }) => `${hour} ${reason}`)).toEqual(expected);
  });
});
