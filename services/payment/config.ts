import { integer, postgresUrl, ratio, secret } from '#kit/config.ts';

const milliseconds = (max: number) => integer(0, max, `milliseconds from 0 to ${max}`);

export const paymentShape = {
  DATABASE_URL: postgresUrl(),
  /** Without it there are no endpoints that simulate an incident. */
  INCIDENT_TOKEN: secret(16).optional(),
  /** Share of requests that are answered with 503, and the delay of each, all the time. */
  ERROR_RATIO: ratio('0.01').default(0),
  LATENCY_MS: milliseconds(30_000).default(0),
  PROVIDER_LATENCY_MS: milliseconds(30_000).default(120),
  PROVIDER_ERROR_RATIO: ratio('0.01').default(0.01),
  PROVIDER_DECLINE_RATIO: ratio('0.02').default(0.02),
  SETTLE_CONCURRENCY: integer(1, 64, 'charges at once, from 1 to 64').default(8),
  SETTLE_POLL_MS: integer(10, 10_000, 'milliseconds from 10 to 10000').default(250),
  SETTLE_LEASE_MS: integer(500, 120_000, 'milliseconds from 500 to 120000').default(15_000),
} as const;
