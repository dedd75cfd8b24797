import { afterEach, expect, test, vi } from 'vitest';
import type { LogQuery } from '../port.ts';
import { histogram } from './histogram.ts';
import { type Store, search } from './search.ts';

const day = 24n * 3_600_000_000_000n;
const toNs = BigInt(Date.UTC(2026, 0, 1)) * 1_000_000n;
const query: LogQuery = {
  environment: 'production',
  fromNs: toNs - 400n * day,
  toNs,
  services: [],
  text: 'needle',
  attributes: [],
};

/** Answers each statement after so long, with nothing; time passes with nothing else. */
function storeThatTakes(eachMs: number): { store: Store; asked: () => number } {
  let now = 0;
  let asked = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const reader: Store['reader'] = {
    read: async () => {
      asked += 1;
      now += eachMs;
      return [];
    },
    close: async () => {},
  };
  const resources = async () => [];
  const hasTextIndex = async () => true;
  return { store: { reader, defaultEnvironment: '', timeoutMs: 1_000, resources, hasTextIndex }, asked: () => asked };
}
afterEach(() => vi.restoreAllMocks());

test.each(['newest', 'oldest'] as const)(
  'a search of many quick parts, the %s first, ends in its time',
  async (order) => {
    const { store, asked } = storeThatTakes(100);
    const answer = await search(store, query, { limit: 10, order });
    expect(asked()).toBe(10);
    expect(answer.truncated).toBe(true);
    expect(answer.notes.at(-1)).toMatch(/^Stopped after 1 s/);
    const reached = answer.reached?.timeNs ?? 0n;
    expect(reached > query.fromNs && reached < query.toNs).toBe(true);
  },
);

test('and so does a count', async () => {
  const { store, asked } = storeThatTakes(100);
  const counted = await histogram(store, query, 60);
  expect(asked()).toBe(10);
  expect([counted.exact, counted.notes.at(-1)]).toEqual([false, expect.stringMatching(/^Counting stopped after 1 s/)]);
});
