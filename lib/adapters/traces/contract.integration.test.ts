import { afterAll, describe, test } from 'vitest';
import { forget } from '#lib/core/registry.ts';
import { createTelemetryDatabase, startTestReceiver } from '#lib/receiver/testing/setup.ts';
import { createDetected } from './detected.ts';
import { createEmbedded } from './embedded/source.ts';
import { endpointOf } from './http.ts';
import { type Backend, traceSourceContract } from './testing/contract.ts';
import { type FakeJaegerApi, startFakeJaeger } from './testing/fake-jaeger.ts';
import { type FakeTempoOptions, startFakeTempo } from './testing/fake-tempo.ts';
import { findBackend, moduleVersion, startRealJaeger, startRealTempo } from './testing/real.ts';

const ran: string[] = [];

/** Recognised by its address alone, as one from a setting is. */
const sourceAt = (name: string, url: string) =>
  createDetected(endpointOf(name, url, { timeoutMs: 10_000 }), { name, url });

Object.assign(process.env, { QD_SECRET: 'a secret of tests, 32 characters', QD_DEFAULT_ENVIRONMENT: 'production' });
process.env.DATABASE_URL ??= process.env.TEST_DATABASE_URL;

traceSourceContract('the embedded store', async (): Promise<Backend> => {
  const database = await createTelemetryDatabase();
  const before = process.env.DATABASE_URL;
  process.env.DATABASE_URL = database.url;
  forget('config');
  const receiver = await startTestReceiver(database.url);
  const source = createEmbedded();
  const version = (await source.version()) ?? '';
  ran.push(`embedded store on Postgres ${version}`);
  return {
    source,
    otlpUrl: receiver.url,
    version,
    async stop() {
      await receiver.close();
      await database.drop();
      process.env.DATABASE_URL = before;
      forget('config');
    },
  };
});

const fakeJaegers: { api: FakeJaegerApi; name: string; limits: Partial<Backend> }[] = [
  { api: 'camel', name: 'a pretended Jaeger 2.19', limits: { summaries: true } },
  { api: 'snake', name: 'a pretended Jaeger 2.13', limits: {} },
  { api: 'legacy', name: 'a pretended Jaeger 1.x', limits: { microseconds: true } },
];
for (const { api, name, limits } of fakeJaegers) {
  traceSourceContract(name, async () => {
    const server = await startFakeJaeger(api);
    ran.push(name);
    return { source: sourceAt(name, server.url), otlpUrl: server.url, version: '', stop: server.close, ...limits };
  });
}

const fakeTempos: { name: string; options: FakeTempoOptions }[] = [
  { name: 'a pretended Tempo 2.8', options: {} },
  { name: 'a pretended Tempo 2.4', options: { v2: false, mostRecent: false } },
];
for (const { name, options } of fakeTempos) {
  traceSourceContract(name, async () => {
    const server = await startFakeTempo(options);
    ran.push(name);
    return { source: sourceAt(name, server.url), otlpUrl: server.url, version: '', stop: server.close };
  });
}

const reals = [
  { name: 'Jaeger', program: 'jaeger', module: 'github.com/jaegertracing/jaeger', start: startRealJaeger },
  { name: 'Tempo', program: 'tempo', module: 'github.com/grafana/tempo', start: startRealTempo },
];
for (const { name, program, module, start } of reals) {
  const path = findBackend(program);
  if (!path) {
    describe(`traces of a real ${name}`, () => {
      test.skip(`no ${program} on this machine`, () => {});
    });
    ran.push(`no real ${name}: none on this machine`);
    continue;
  }
  traceSourceContract(`a real ${name}`, async () => {
    const backend = await start(path);
    const source = sourceAt(program, backend.url);
    const version = (await source.version()) ?? moduleVersion(path, module) ?? 'that does not say its version';
    ran.push(`real ${name} ${version} (${path})`);
    return { source, otlpUrl: backend.otlpUrl, version, stop: backend.stop };
  });
}

afterAll(() => {
  process.stdout.write(`Contract of trace sources ran against: ${ran.join('; ')}\n`);
});
