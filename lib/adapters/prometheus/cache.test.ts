import { describe, expect, it } from 'vitest';
import { Limiter, SharedCache } from './cache.ts';

const settings = { maxEntries: 3, maxWeight: 100 };
const defer = <T>() => Promise.withResolvers<T>();

describe('SharedCache', () => {
  it('makes one call of many at once, then answers from memory until the time is over', async () => {
    let now = 0;
    let calls = 0;
    const cache = new SharedCache({ ...settings, now: () => now });
    const gate = defer<string>();
    const load = () => {
      calls += 1;
      return gate.promise;
    };
    const ask = () => cache.get('k', load, { ttlMs: 10 });
    const all = Promise.all(Array.from({ length: 50 }, ask));
    gate.resolve('v');
    expect((await all).map(({ outcome }) => outcome).filter((o) => o === 'miss')).toHaveLength(1);
    expect((await ask()).outcome).toBe('hit');
    expect(calls).toBe(1);
    now = 10;
    expect((await ask()).outcome).toBe('miss');
    expect(calls).toBe(2);
  });

  it('keeps no errors', async () => {
    const cache = new SharedCache(settings);
    await expect(cache.get('k', () => Promise.reject(new Error('no')), { ttlMs: 10 })).rejects.toThrow('no');
    expect((await cache.get('k', async () => 'v', { ttlMs: 10 })).value).toBe('v');
  });

  it('lets one leave without disturbing the rest, and aborts when the last has left', async () => {
    const cache = new SharedCache(settings);
    let upstream: AbortSignal | undefined;
    const gate = defer<string>();
    const load = (own: AbortSignal) => {
      upstream = own;
      return gate.promise;
    };
    const ask = (signal: AbortSignal) => cache.get('k', load, { ttlMs: 10, signal });
    const [a, b] = [new AbortController(), new AbortController()];
    const [first, second] = [ask(a.signal), ask(b.signal)];
    a.abort();
    await expect(first).rejects.toThrow();
    expect(upstream?.aborted).toBe(false);
    b.abort();
    await expect(second).rejects.toThrow();
    expect(upstream?.aborted).toBe(true);
    const third = cache.get('k', async () => 'fresh', { ttlMs: 10 });
    expect((await third).value).toBe('fresh');
  });

  it('drops the least recently used when there is no room', () => {
    const cache = new SharedCache(settings);
    for (const key of ['a', 'b', 'c']) cache.set(key, key, 1_000);
    cache.peek('a');
    cache.set('d', 'd', 1_000);
    expect(['a', 'b', 'c', 'd'].map((key) => cache.peek(key))).toEqual(['a', undefined, 'c', 'd']);
    cache.set('heavy', 1, 1_000, 99);
    expect(cache.weight).toBeLessThanOrEqual(100);
    cache.set('too heavy', 1, 1_000, 101);
    expect(cache.peek('too heavy')).toBeUndefined();
  });
});

describe('Limiter', () => {
  it('runs so many at a time and lets those who wait leave', async () => {
    const limiter = new Limiter(2);
    const gates = Array.from({ length: 4 }, () => defer<void>());
    const leaving = new AbortController();
    let running = 0;
    let most = 0;
    const work = (i: number, signal?: AbortSignal) =>
      limiter.run(async () => {
        most = Math.max(most, ++running);
        await gates[i]?.promise;
        running -= 1;
        return i;
      }, signal);
    const [first, second, third, fourth] = [work(0), work(1), work(2, leaving.signal), work(3)];
    leaving.abort();
    await expect(third).rejects.toThrow();
    for (const gate of gates) gate.resolve();
    expect(await Promise.all([first, second, fourth])).toEqual([0, 1, 3]);
    expect(most).toBe(2);
    expect(await limiter.run(async () => 'free')).toBe('free');
  });
});
