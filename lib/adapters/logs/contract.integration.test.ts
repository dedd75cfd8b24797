import { afterAll, describe, it } from 'vitest';
import { createTelemetryDatabase, startTestReceiver } from '#lib/receiver/testing/setup.ts';
import { createEmbeddedLogs } from './embedded/source.ts';
import { createLoki } from './loki/source.ts';
import { type Backend, describeLogSource } from './testing/contract.ts';
import { startFakeLoki } from './testing/fake-loki.ts';
import { postLogs } from './testing/otlp.ts';
import { findLoki, startRealLoki } from './testing/real-loki.ts';

const ranAgainst: string[] = [];
afterAll(() => {
  process.stdout.write(`log sources: the contract ran against ${ranAgainst.join('; ')}\n`);
});

const lokiAt = (url: string) =>
  createLoki({ id: 'loki', name: 'Loki', url, timeoutMs: 15_000, defaultEnvironment: 'production' });

describeLogSource('what the receiver keeps in Postgres', async (): Promise<Backend> => {
  const database = await createTelemetryDatabase();
  const receiver = await startTestReceiver(database.url);
  const source = createEmbeddedLogs({
    databaseUrl: database.url,
    defaultEnvironment: 'production',
    timeoutMs: 15_000,
    pollMs: 250,
  });
  ranAgainst.push(`Postgres ${await source.version()} with our receiver`);
  return {
    source,
    send: (lines) => postLogs(`${receiver.url}/v1/logs`, lines),
    async close() {
      await source.close();
      await receiver.close();
      await database.drop();
    },
  };
});

describeLogSource('a Loki that is made up', async (): Promise<Backend> => {
  const fake = await startFakeLoki();
  ranAgainst.push('a made-up Loki');
  return {
    source: lokiAt(fake.url),
    send: (lines) => postLogs(`${fake.url}/otlp/v1/logs`, lines),
    close: () => fake.close(),
  };
});

const program = findLoki();
if (program) {
  describeLogSource('a real Loki', async (): Promise<Backend> => {
    const loki = await startRealLoki(program);
    ranAgainst.push(`a real Loki ${loki.version}`);
    return {
      source: lokiAt(loki.url),
      send: (lines) => postLogs(`${loki.url}/otlp/v1/logs`, lines),
      close: () => loki.stop(),
    };
  });
} else {
  ranAgainst.push('no real Loki: none was found (QUARTERDECK_BACKENDS, ~/.cache/quarterdeck-backends, PATH)');
  describe.skip('a real Loki', () => it('is absent', () => {}));
}
