import type { Redis } from 'ioredis';
import { Counter } from 'prom-client';
import type { Dependency } from './health.ts';
import type { Logger } from './log.ts';
import { LruMap } from './lru.ts';
import type { Metrics } from './metrics.ts';

export interface CacheOptions {
  /** Names the cache in its metrics, and its keys in Redis. */
  readonly name: string;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Without it, or while it is away, values are kept in this process alone. */
  readonly redis?: Redis;
  readonly maxEntries?: number;
}

/** Values by key for a while; a cache that is away is a miss, never an error. */
export interface Cache {
  /** The cached value, or that of `load`, which is cached for `ttlMs` unless it is undefined. */
  through<T>(key: string, ttlMs: number, load: () => Promise<T>): Promise<T>;
  drop(...keys: string[]): Promise<void>;
  /** A part of keys that changes with {@link Cache.bump}: so whole groups of values are left behind at once. */
  version(group: string): Promise<string>;
  bump(group: string): Promise<void>;
  /** What `/readyz` says of it: degraded while values are kept in this process alone. */
  readonly dependency: Dependency;
}

/** A cache in Redis with one in the process to fall back to; hits, misses and errors are counted. */
export function createCache({ name, metrics, log, redis, maxEntries = 2_000 }: CacheOptions): Cache {
  const local = new LruMap<{ value: unknown; expiresAtMs: number }>(maxEntries);
  const versions = new Map<string, number>();
  const requests = cacheRequests(metrics);
  for (const result of ['hit', 'miss', 'error']) requests.inc({ cache: name, result }, 0);
  const keyOf = (key: string) => `${name}:${key}`;
  const count = (result: 'hit' | 'miss' | 'error') => requests.inc({ cache: name, result });

  const failed = (error: unknown) => {
    count('error');
    log.debug({ err: error }, 'the cache in Redis did not answer');
  };

  const read = async (key: string): Promise<unknown> => {
    if (redis?.status === 'ready') {
      try {
        const text = await redis.get(keyOf(key));
        return text === null ? undefined : JSON.parse(text);
      } catch (error) {
        failed(error);
      }
    }
    const entry = local.get(key);
    return entry && entry.expiresAtMs > performance.now() ? entry.value : undefined;
  };

  const write = async (key: string, value: unknown, ttlMs: number): Promise<void> => {
    if (redis?.status === 'ready') {
      try {
        await redis.set(keyOf(key), JSON.stringify(value), 'PX', ttlMs);
        return;
      } catch (error) {
        failed(error);
      }
    }
    local.set(key, { value, expiresAtMs: performance.now() + ttlMs });
  };

  return {
    async through<T>(key: string, ttlMs: number, load: () => Promise<T>): Promise<T> {
      const cached = await read(key);
      if (cached !== undefined) {
        count('hit');
        return cached as T;
      }
      count('miss');
      const value = await load();
      if (value !== undefined) await write(key, value, ttlMs);
      return value;
    },
    async drop(...keys) {
      for (const key of keys) local.delete(key);
      if (redis?.status !== 'ready' || keys.length === 0) return;
      try {
        await redis.del(...keys.map(keyOf));
      } catch (error) {
        failed(error);
      }
    },
    async version(group) {
      if (redis?.status === 'ready') {
        try {
          return (await redis.get(keyOf(`version:${group}`))) ?? '0';
        } catch (error) {
          failed(error);
        }
      }
      return `local-${versions.get(group) ?? 0}`;
    },
    async bump(group) {
      versions.set(group, (versions.get(group) ?? 0) + 1);
      if (redis?.status !== 'ready') return;
      try {
        await redis.incr(keyOf(`version:${group}`));
      } catch (error) {
        failed(error);
      }
    },
    dependency: {
      name: 'cache',
      optional: true,
      check: async () => {
        if (!redis) throw new Error('REDIS_URL is not set, each replica caches for itself');
        if (redis.status !== 'ready') throw new Error(`Redis is ${redis.status}, each replica caches for itself`);
        await redis.ping();
      },
    },
  };
}

const made = new WeakMap<Metrics, Counter>();

/** Look-ups by cache and result; one counter for all caches of a process. */
export function cacheRequests(metrics: Metrics): Counter {
  let counter = made.get(metrics);
  if (!counter) {
    counter = new Counter({
      name: 'cache_requests_total',
      help: 'Look-ups in a cache by their result.',
      labelNames: ['cache', 'result'],
      registers: [metrics],
    });
    made.set(metrics, counter);
  }
  return counter;
}
