import { expect, test } from 'vitest';
import { emptyCounts, type LogHistogram } from '#lib/adapters/logs/index.ts';
import { addHistograms } from './see-histogram.ts';

const counted = (fromMs: number, info: number[]): LogHistogram => ({
  stepMs: 10,
  fromMs,
  counts: { ...emptyCounts(info.length), info },
  exact: true,
  notes: [],
});

test('counts are added bucket by bucket, from where both have counted', () => {
  const sum = addHistograms([counted(100, [1, 2, 3, 4]), counted(120, [10, 20])]);
  expect([sum.fromMs, sum.stepMs, sum.counts.info, sum.counts.error]).toEqual([120, 10, [13, 24], [0, 0]]);
});
