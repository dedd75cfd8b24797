import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '#deploy/local/postgres.ts';
import { dismissGuardian } from '#deploy/local/process/guardian.ts';
import { post, span, tracesBody } from './testing/bodies.ts';
import { startReceiverProcess } from './testing/process.ts';
import { createTelemetryDatabase, startTestReceiver, type TestDatabase, until } from './testing/setup.ts';

const repository = new URL('../../', import.meta.url);

describe('while Postgres is away', () => {
  let folder: string;
  let postgres: RunningPostgres;
  let database: TestDatabase;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'quarterdeck-outage-'));
    postgres = await startPostgres({ dataDir: join(folder, 'postgres') });
    database = await createTelemetryDatabase(postgres.url);
  });

  afterAll(async () => {
    await postgres?.stop();
    await dismissGuardian();
    rmSync(folder, { recursive: true, force: true });
  });

  it('refuses with 503 and Retry-After, says so at /readyz, and takes spans again by itself', async () => {
    const receiver = await startTestReceiver(database.url);
    const traces = `${receiver.url}/v1/traces`;
    const restartAs = {
      dataDir: postgres.dataDir,
      port: postgres.port,
      password: decodeURIComponent(new URL(postgres.url).password),
    };
    try {
      expect((await post(traces, tracesBody(span()))).status).toBe(200);
      await postgres.stop();

      const refused = await post(traces, tracesBody(span()));
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
      await until(async () => (await fetch(`${receiver.url}/readyz`)).status === 503);
      expect(await (await fetch(`${receiver.url}/readyz`)).json()).toEqual({
        status: 'unavailable',
        reason: expect.stringMatching(/^Postgres: .+ \(since \d{4}-/),
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      });
      expect((await fetch(`${receiver.url}/healthz`)).status).toBe(200);
      expect(await (await fetch(`${receiver.url}/metrics`)).text()).toMatch(/quarterdeck_receiver_database_up\{.*\} 0/);

      // An SDK that keeps trying loses nothing.
      const exporter = new OTLPTraceExporter({ url: traces });
      const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
      provider.getTracer('outage').startSpan('made while Postgres was away').end();
      const flushed = provider.forceFlush();
      await new Promise((resolve) => setTimeout(resolve, 500));

      postgres = await startPostgres(restartAs);
      await until(async () => (await fetch(`${receiver.url}/readyz`)).status === 200);
      await flushed;
      await provider.shutdown();
      expect(
        await database.query("SELECT FROM telemetry.span WHERE name = 'made while Postgres was away'"),
      ).toHaveLength(1);
    } finally {
      await receiver.close();
    }
  });

  it('starts without Postgres and is ready once Postgres is', async () => {
    const restartAs = {
      dataDir: postgres.dataDir,
      port: postgres.port,
      password: decodeURIComponent(new URL(postgres.url).password),
    };
    await postgres.stop();
    const receiver = await startTestReceiver(database.url, { untilReady: false });
    try {
      expect((await fetch(`${receiver.url}/readyz`)).status).toBe(503);
      expect((await post(`${receiver.url}/v1/traces`, tracesBody(span()))).status).toBe(503);
      postgres = await startPostgres(restartAs);
      await until(async () => (await fetch(`${receiver.url}/readyz`)).status === 200);
      expect((await post(`${receiver.url}/v1/traces`, tracesBody(span()))).status).toBe(200);
    } finally {
      await receiver.close();
    }
  });
});

describe('the process', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTelemetryDatabase();
  });

  afterAll(() => database?.drop());

  /** Sends on four connections until the process is gone; says meanwhile what was acknowledged. */
  function startLoad(url: string, stopped: Promise<unknown>): { acknowledged: string[]; over: Promise<unknown> } {
    const acknowledged: string[] = [];
    let gone = false;
    stopped.then(() => {
      gone = true;
    });
    const loop = async () => {
      while (!gone) {
        const spans = Array.from({ length: 20 }, () => span());
        const status = await post(`${url}/v1/traces`, tracesBody(...spans)).then(
          (response) => response.status,
          () => 0,
        );
        if (status === 200) {
          acknowledged.push(...spans.map(({ traceId }) => Buffer.from(traceId as Uint8Array).toString('hex')));
        }
      }
    };
    return { acknowledged, over: Promise.all([loop(), loop(), loop(), loop()]) };
  }

  async function storedIds(): Promise<Set<string>> {
    const rows = await database.query<{ id: string }>("SELECT encode(trace_id, 'hex') AS id FROM telemetry.span");
    return new Set(rows.map(({ id }) => id));
  }

  it('killed at any moment has lost nothing that it acknowledged', async () => {
    const { child, url } = await startReceiverProcess(database.url);
    const exited = once(child, 'exit');
    const { acknowledged, over } = startLoad(url, exited);
    await until(() => acknowledged.length > 1_000, 30_000);
    child.kill('SIGKILL');
    await over;
    const stored = await storedIds();
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  });

  it('drains on SIGTERM: what was taken is answered, what comes later is refused, and it exits with 0', async () => {
    const { child, url, output } = await startReceiverProcess(database.url);
    const exited = once(child, 'exit');
    const { acknowledged, over } = startLoad(url, exited);
    await until(() => acknowledged.length > 500, 30_000);
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    await over;
    const stored = await storedIds();
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
    expect(output()).toContain('stopping');
  });

  it('says everything that is wrong with its settings at once', async () => {
    const child = spawn(process.execPath, ['lib/receiver/main.ts'], {
      cwd: repository,
      env: { NODE_ENV: 'test', PATH: process.env.PATH, HOST: '0.0.0.0', PORT: 'x', TELEMETRY_RETENTION_HOURS: '0' },
    });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    expect((await once(child, 'exit'))[0]).toBe(1);
    for (const name of ['DATABASE_RECEIVER_URL', 'PORT', 'TELEMETRY_RETENTION_HOURS', 'OTLP_TOKEN'])
      expect(errors).toContain(name);
    expect(errors).not.toMatch(/^\s+at /m);
  });
});
