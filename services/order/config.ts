import { integer, postgresUrl } from '#kit/config.ts';

export const orderShape = {
  DATABASE_URL: postgresUrl(),
  RECOVERY_POLL_MS: integer(10, 60_000, 'milliseconds from 10 to 60000').default(250),
  LEASE_MS: integer(500, 120_000, 'milliseconds from 500 to 120000').default(15_000),
  /** How long a charge may take before the order is given up and everything undone. */
  CHARGE_GIVE_UP_MS: integer(1_000, 3_600_000, 'milliseconds from 1000 to 3600000').default(120_000),
  /** How long an order whose caller was told "not now" may still be completed by trying again. */
  ABANDON_MS: integer(500, 600_000, 'milliseconds from 500 to 600000').default(30_000),
} as const;
