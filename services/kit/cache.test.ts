import type { Redis } from 'ioredis';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Cache, createCache } from './cache.ts';
import { createLogger } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';

const log = createLogger({ service: 'test', write: () => {} });
let metrics: Metrics;
let cache: Cache;

beforeEach(() => {
  metrics = createMetrics({ process: false });
  cache = createCache({ name: 'product', metrics, log });
});

describe('a cache', () => {
  it('loads once while the value is fresh, and counts hits and misses', async () => {
    let loads = 0;
    const load = async () => ++loads;
    expect([await cache.through('a', 1_000, load), await cache.through('a', 1_000, load)]).toEqual([1, 1]);
    const exposed = await metrics.metrics();
    expect(exposed).toContain('cache_requests_total{cache="product",result="hit"} 1');
    expect(exposed).toContain('cache_requests_total{cache="product",result="miss"} 1');
    expect(exposed).toContain('cache_requests_total{cache="product",result="error"} 0');
  });

  it('loads again after the time to live, and after a drop', async () => {
    let loads = 0;
    const load = async () => ++loads;
    await cache.through('a', 5, load);
    await new Promise((resolve) => setTimeout(resolve, 15));
    expect(await cache.through('a', 1_000, load)).toBe(2);
    await cache.drop('a');
    expect(await cache.through('a', 1_000, load)).toBe(3);
  });

  it('keeps neither undefined nor an error', async () => {
    await cache.through('a', 1_000, async () => undefined);
    await expect(cache.through('a', 1_000, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.through('a', 1_000, async () => 7)).toBe(7);
  });

  it('changes the version of a group when it is bumped', async () => {
    const before = await cache.version('lists');
    await cache.bump('lists');
    expect(await cache.version('lists')).not.toBe(before);
  });
});

describe('without Redis', () => {
  it('is degraded and says why', async () => {
    expect(cache.dependency.optional).toBe(true);
    await expect(cache.dependency.check()).rejects.toThrow('REDIS_URL is not set');
  });

  it('falls back to the process when Redis fails in the middle of it', async () => {
    const broken = {
      status: 'ready',
      get: () => Promise.reject(new Error('gone')),
      set: () => Promise.reject(new Error('gone')),
    } as unknown as Redis;
    const fallback = createCache({ name: 'product2', metrics, log, redis: broken });
    let loads = 0;
    for (let index = 0; index < 3; index++) await fallback.through('a', 1_000, async () => ++loads);
    expect(loads).toBe(1);
    expect(await metrics.metrics()).toMatch(/cache_requests_total\{cache="product2",result="error"\} [1-9]/);
  });
});
