import { type Logger, pino } from 'pino';
import { once } from './registry.ts';

const secretKeys = ['password', 'passwordHash', 'token', 'tokenHash', 'secret', 'authorization', 'cookie', 'key'];
const redact = secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/** The process's logger: JSON lines on standard output, secrets masked by key. */
export function log(): Logger {
  return once('log', () =>
    pino({
      level: process.env.LOG_LEVEL ?? 'info',
      base: { service: process.env.QD_PROCESS ?? 'console' },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: redact, censor: '[masked]' },
    }),
  );
}

export type { Logger };
