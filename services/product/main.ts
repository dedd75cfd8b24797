import { createCache } from '#kit/cache.ts';
import { createPool, migrate, postgresDependency } from '#kit/postgres.ts';
import { connectRedis } from '#kit/redis.ts';
import type { Repeating } from '#kit/repeat.ts';
import { runService } from '#kit/run.ts';
import { buildApp } from './app.ts';
import { availableUnits } from './catalogue-store.ts';
import { productShape } from './config.ts';
import { productMetrics } from './metrics.ts';
import { seed } from './seed.ts';
import { startUpkeep } from './upkeep.ts';

await runService({
  shape: productShape,
  compose({ config, log, metrics }) {
    const pool = createPool({
      url: config.DATABASE_URL,
      schema: 'product',
      service: config.SERVICE_NAME,
      log,
      metrics,
    });
    const redis = config.REDIS_URL ? connectRedis(config.REDIS_URL, log) : undefined;
    const cache = createCache({ name: 'product', metrics, log, redis });
    const business = productMetrics(metrics, () => availableUnits(pool));
    let upkeep: Repeating | undefined;
    return {
      dependencies: [postgresDependency(pool), cache.dependency],
      prepare: async () => {
        await migrate(pool, 'product', `${import.meta.dirname}/migrations`, log);
        await seed(pool);
      },
      build: (readiness) =>
        buildApp({
          log,
          metrics,
          readiness,
          pool,
          cache,
          business,
          cacheTtlMs: config.CACHE_TTL_MS,
          bodyLimitBytes: config.BODY_LIMIT_BYTES,
        }),
      start: () => {
        upkeep = startUpkeep({
          pool,
          cache,
          log,
          business,
          intervalMs: config.SWEEP_INTERVAL_MS,
          restockBelowUnits: config.RESTOCK_BELOW_UNITS,
          restockToUnits: config.RESTOCK_TO_UNITS,
        });
      },
      stops: [() => upkeep?.stop(), () => pool.end(), () => redis?.disconnect()],
    };
  },
});
