import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cache, createCache } from './cache.ts';
import { createLogger } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { connectRedis } from './redis.ts';
import { freePort, waitFor } from './testing/process.ts';

const program = process.env.FLEET_TEST_REDIS_SERVER ?? onPath();
const missing = program ? undefined : 'there is no redis-server on PATH, and FLEET_TEST_REDIS_SERVER does not name one';

describe.skipIf(missing)(`a cache in Redis${missing ? ` (${missing})` : ''}`, () => {
  const log = createLogger({ service: 'test', write: () => {} });
  const opened: Redis[] = [];
  let server: ChildProcess;
  let port: number;
  let metrics: Metrics;
  let cache: Cache;

  const start = () => {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    server = spawn(program as string, args, { stdio: 'ignore' });
  };
  const stop = () =>
    new Promise<void>((resolve) => {
      server.once('exit', () => resolve());
      server.kill('SIGKILL');
    });
  const replica = async () => {
    const redis = connectRedis(`redis://127.0.0.1:${port}`, log);
    opened.push(redis);
    await waitFor(() => redis.status === 'ready', 'Redis to answer');
    return createCache({ name: 'product', metrics: createMetrics({ process: false }), log, redis });
  };

  beforeEach(async () => {
    port = await freePort();
    start();
    metrics = createMetrics({ process: false });
    const redis = connectRedis(`redis://127.0.0.1:${port}`, log);
    opened.push(redis);
    cache = createCache({ name: 'product', metrics, log, redis });
    await waitFor(() => redis.status === 'ready', 'Redis to answer');
  });
  afterEach(async () => {
    for (const redis of opened.splice(0)) redis.disconnect();
    await stop();
  });

  it('is shared by replicas: values, drops and versions', async () => {
    const other = await replica();
    expect(await cache.through('a', 60_000, async () => ({ n: 1 }))).toEqual({ n: 1 });
    expect(await other.through('a', 60_000, async () => ({ n: 2 }))).toEqual({ n: 1 });
    await other.drop('a');
    expect(await cache.through('a', 60_000, async () => ({ n: 3 }))).toEqual({ n: 3 });
    const before = await cache.version('lists');
    await other.bump('lists');
    expect(await cache.version('lists')).not.toBe(before);
    await expect(cache.dependency.check()).resolves.toBeUndefined();
  });

  it('goes on in the process when Redis dies, says that it is degraded, and comes back', async () => {
    await stop();
    let loads = 0;
    await waitFor(async () => {
      const before = loads;
      await cache.through('b', 60_000, async () => ++loads);
      return loads === before;
    }, 'the cache in the process');
    await expect(cache.dependency.check()).rejects.toThrow(/each replica caches for itself/);
    start();
    await waitFor(
      async () =>
        await Promise.resolve(cache.dependency.check()).then(
          () => true,
          () => false,
        ),
      'Redis to be back',
    );
    expect(await cache.through('c', 60_000, async () => 7)).toBe(7);
  });
});

function onPath(): string | undefined {
  try {
    return execFileSync('sh', ['-c', 'command -v redis-server'], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}
