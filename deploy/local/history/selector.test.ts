import { expect, test } from 'vitest';
import { selects } from './selector.ts';

const series = { __name__: 'calls_total', job: 'order', status: '500' };

test.each([
  ['calls_total', true],
  ['other_total', false],
  ['calls_total{job="order"}', true],
  ['calls_total{job!="order"}', false],
  ['calls_total{status=~"5..|"}', true],
  ['calls_total{status=~"5"}', false],
  ['calls_total{absent=""}', true],
  ['calls_total{absent=~"x|"}', true],
  ['calls_total{status!~"5..",job="order"}', false],
])('%s selects it: %s', (selector, expected) => {
  expect(selects(selector)(series)).toBe(expected);
});
