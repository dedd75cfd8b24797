import { integer, postgresUrl, redisUrl } from '#kit/config.ts';

export const productShape = {
  DATABASE_URL: postgresUrl(),
  REDIS_URL: redisUrl().optional(),
  CACHE_TTL_MS: integer(0, 600_000, 'milliseconds from 0 to 600000').default(5_000),
  SWEEP_INTERVAL_MS: integer(50, 600_000, 'milliseconds from 50 to 600000').default(5_000),
  RESTOCK_BELOW_UNITS: integer(0, 1_000_000, 'units from 0 (never restocks) to 1000000').default(100),
  RESTOCK_TO_UNITS: integer(1, 1_000_000, 'units from 1 to 1000000').default(1_000),
} as const;
