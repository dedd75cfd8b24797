import { httpUrl, integer, ratio, secret } from '#kit/config.ts';

export const trafficShape = {
  GATEWAY_URL: httpUrl('http://127.0.0.1:8080'),
  GATEWAY_API_KEY: secret(16),
  RATE: integer(0, 5_000, 'requests a second from 0 to 5000').default(20),
  RHYTHM_PERIOD_SECONDS: integer(10, 86_400, 'seconds from 10 to 86400').default(600),
  RHYTHM_AMPLITUDE: ratio('0.25').default(0.25),
  MAX_IN_FLIGHT: integer(1, 10_000, 'requests from 1 to 10000').default(200),
  REQUEST_TIMEOUT_MS: integer(100, 60_000, 'milliseconds from 100 to 60000').default(8_000),
} as const;
