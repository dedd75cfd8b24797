import { describe, expect, it } from 'vitest';
import { loadReceiverConfig } from './config.ts';

const url = 'postgresql://quarterdeck_receiver:x@127.0.0.1:5432/quarterdeck';

describe('the settings of the receiver', () => {
  it('need only the database', () => {
    expect(loadReceiverConfig({ DATABASE_RECEIVER_URL: url, OTLP_TOKEN: '' })).toEqual({
      databaseUrl: url,
      host: '127.0.0.1',
      port: 4318,
      token: undefined,
      retentionHours: 24,
      retentionBytes: 2 * 1024 ** 3,
      keepSpansPerSecond: 2_000,
      slowMs: 1_000,
      decisionSeconds: 10,
      maxBodyBytes: 20 * 1024 ** 2,
      maxQueueBytes: 32 * 1024 ** 2,
    });
  });

  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('need no token on %s', (HOST) => {
    expect(loadReceiverConfig({ DATABASE_RECEIVER_URL: url, HOST }).host).toBe(HOST);
  });

  it.each(['0.0.0.0', '::', '10.0.0.1', 'example.com', '127.0.0.1.example.com'])('need a token on %s', (HOST) => {
    expect(() => loadReceiverConfig({ DATABASE_RECEIVER_URL: url, HOST })).toThrow(
      /OTLP_TOKEN: is needed because HOST is/,
    );
    expect(loadReceiverConfig({ DATABASE_RECEIVER_URL: url, HOST, OTLP_TOKEN: 'a-token-of-length' }).host).toBe(HOST);
  });

  it('name everything that is wrong at once', () => {
    const env = { PORT: '70000', TELEMETRY_RETENTION_BYTES: 'much', OTLP_TOKEN: 'short' };
    expect(() => loadReceiverConfig(env)).toThrow(
      /DATABASE_RECEIVER_URL: is missing.*\n.*PORT: must be 65535 or less\n.*OTLP_TOKEN: must have at least 16.*\n.*TELEMETRY_RETENTION_BYTES: must be a whole number of bytes/s,
    );
  });
});
