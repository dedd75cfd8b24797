import type { Redis } from 'ioredis';
import { instrumented } from './instrumented.ts';
import type { Logger } from './log.ts';

/**
 * A connection to Redis that never makes its user wait: commands fail at once while it is away, and after 150 ms when
 * it hangs; it connects again by itself.
 */
export function connectRedis(url: string, log: Logger): Redis {
  const { Redis } = instrumented<typeof import('ioredis')>('ioredis');
  const redis: Redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 150,
    connectTimeout: 1_000,
    retryStrategy: (attempt) => Math.min(250 * attempt, 3_000),
  });
  let away = false;
  redis.on('error', (error) => {
    if (!away) log.warn({ err: error }, 'Redis is away');
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.info('Redis answers again');
    away = false;
  });
  return redis;
}
