import { integer, secret } from '#kit/config.ts';

export const gatewayShape = {
  /** `name:key` pairs; the name is what rate limits and orders know a caller by. */
  GATEWAY_API_KEYS: secret(16)
    .regex(
      /^\s*[a-z0-9_-]{1,40}:[\x21-\x2b\x2d-\x7e]{16,}(\s*,\s*[a-z0-9_-]{1,40}:[\x21-\x2b\x2d-\x7e]{16,})*\s*$/i,
      'is not a list of name:key pairs with keys of at least 16 characters',
    )
    .meta({ expected: 'for example web:<16 or more random characters>,app:<…>, parted by commas', secret: true }),
  RATE_LIMIT_PER_SECOND: integer(1, 10_000_000, 'requests a second per key, from 1 to 10000000').default(500),
  CACHE_TTL_MS: integer(0, 60_000, 'milliseconds from 0 (off) to 60000').default(1_000),
  CACHE_MAX_ENTRIES: integer(1, 100_000, 'answers from 1 to 100000').default(1_000),
  UPSTREAM_TIMEOUT_MS: integer(100, 60_000, 'milliseconds from 100 to 60000').default(5_000),
} as const;
