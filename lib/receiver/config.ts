import * as z from 'zod';
import { ConfigError } from '#lib/core/config.ts';

const wholeNumber = (what: string, least: number, most: number) =>
  z.coerce
    .number(`must be ${what}`)
    .int(`must be ${what}`)
    .min(least, `must be ${least} or more`)
    .max(most, `must be ${most} or less`);
const mebibyte = 1024 * 1024;

/** Every setting of the receiver, by the name of its environment variable. */
export const receiverSettings = z.object({
  DATABASE_RECEIVER_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be postgresql://user:password@host:port/database' })
    .describe('Postgres 15 or later, as the role of the receiver.'),
  HOST: z.string().default('127.0.0.1').describe('The address to listen on.'),
  PORT: wholeNumber('a port number', 0, 65_535).default(4318).describe('The port to listen on; 0 takes a free one.'),
  OTLP_TOKEN: z
    .string()
    .min(16, 'must have at least 16 characters')
    .optional()
    .describe('Bearer token of /v1/*. Needed when HOST is not a loopback address.'),
  TELEMETRY_RETENTION_HOURS: wholeNumber('a whole number of hours', 1, 24 * 90)
    .default(24)
    .describe('Spans and log records that are older are dropped by the hour.'),
  TELEMETRY_RETENTION_BYTES: wholeNumber('a whole number of bytes', 16 * mebibyte, 2 ** 44)
    .default(2 * 1024 * mebibyte)
    .describe('Above this size the oldest hours are dropped.'),
  TELEMETRY_KEEP_SPANS_PER_SECOND: wholeNumber('a whole number of spans', 1, 1_000_000)
    .default(2_000)
    .describe(
      'While more spans arrive, traces are sampled towards this rate; traces with an error or a slow span are all kept.',
    ),
  TELEMETRY_SLOW_MS: wholeNumber('a whole number of milliseconds', 1, 3_600_000)
    .default(1_000)
    .describe('A trace with a span that takes this long or longer is kept whatever the sampling.'),
  TELEMETRY_DECISION_SECONDS: wholeNumber('a whole number of seconds', 1, 300)
    .default(10)
    .describe('While traces are sampled, how long after its first span a trace is decided on and becomes visible.'),
  OTLP_MAX_BODY_BYTES: wholeNumber('a whole number of bytes', 1024, 256 * mebibyte)
    .default(20 * mebibyte)
    .describe('The largest body of a request, also after decompression.'),
  OTLP_MAX_QUEUE_BYTES: wholeNumber('a whole number of bytes', mebibyte, 1024 * mebibyte)
    .default(32 * mebibyte)
    .describe('What may wait to be decoded and stored; beyond it requests are answered 429.'),
});

export interface ReceiverConfig {
  databaseUrl: string;
  host: string;
  port: number;
  token: string | undefined;
  retentionHours: number;
  retentionBytes: number;
  keepSpansPerSecond: number;
  slowMs: number;
  decisionSeconds: number;
  maxBodyBytes: number;
  maxQueueBytes: number;
}

/** Whether an address to listen on is reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Reads the receiver's settings; empty variables count as absent. Throws `ConfigError` with every problem. */
export function loadReceiverConfig(env: Record<string, string | undefined> = process.env): ReceiverConfig {
  const names = Object.keys(receiverSettings.shape) as (keyof typeof receiverSettings.shape)[];
  const given = Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const parsed = receiverSettings.safeParse(given);
  const problems = (parsed.error?.issues ?? []).map(({ path, message }) => {
    const name = String(path[0]) as keyof typeof receiverSettings.shape;
    return `${name}: ${name in given ? message : `is missing. ${receiverSettings.shape[name].description}`}`;
  });
  const host = env.HOST || '127.0.0.1';
  if (!isLoopback(host) && !env.OTLP_TOKEN) {
    problems.push(`OTLP_TOKEN: is needed because HOST is ${host}; set a token or listen on 127.0.0.1`);
  }
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems);
  const settings = parsed.data;
  return {
    databaseUrl: settings.DATABASE_RECEIVER_URL,
    host: settings.HOST,
    port: settings.PORT,
    token: settings.OTLP_TOKEN,
    retentionHours: settings.TELEMETRY_RETENTION_HOURS,
    retentionBytes: settings.TELEMETRY_RETENTION_BYTES,
    keepSpansPerSecond: settings.TELEMETRY_KEEP_SPANS_PER_SECOND,
    slowMs: settings.TELEMETRY_SLOW_MS,
    decisionSeconds: settings.TELEMETRY_DECISION_SECONDS,
    maxBodyBytes: settings.OTLP_MAX_BODY_BYTES,
    maxQueueBytes: settings.OTLP_MAX_QUEUE_BYTES,
  };
}
