import { expect, it } from 'vitest';
import { deadlineOf } from './deadline.ts';

it.each([
  ['250', 1_250],
  ['0', 1_000],
  ['999999999', 601_000],
])('reads %s as a remaining time', (header, expected) => {
  expect(deadlineOf(header, 1_000)).toBe(expected);
});

it.each([[undefined], [''], ['-1'], ['1.5'], ['soon'], ['1'.repeat(10)]])('takes %j for no deadline', (header) => {
  expect(deadlineOf(header, 1_000)).toBeUndefined();
});
