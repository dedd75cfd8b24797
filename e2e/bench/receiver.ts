import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { Agent, request } from 'undici';
import { type RunningPostgres, startPostgres } from '#deploy/local/postgres.ts';
import { dismissGuardian } from '#deploy/local/process/guardian.ts';
import { spanSource } from './receiver-load.ts';

export interface ReceiverFigures {
  name: string;
  offeredPerSecond: number | 'as many as it takes';
  seconds: number;
  acknowledgedPerSecond: number;
  refusedRequests: number;
  failedRequests: number;
  ackP50Ms: number;
  ackP99Ms: number;
  /** Spans for each second of processor time that the receiver used, on all its threads. */
  spansPerCpuSecond: number;
  maxRssMegabytes: number;
  lostSpans: number;
  storedBytesPerSpan: number;
}

const repository = new URL('../../', import.meta.url);

/**
 * Runs the receiver as a process of its own, on one core where the machine has `taskset`, against a real Postgres
 * that flushes to disk, and sends spans at two rates: the 5,000/s that it must sustain, and as many as it takes.
 */
export async function benchReceiver({ seconds = 20 } = {}): Promise<ReceiverFigures[]> {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-bench-'));
  let postgres: RunningPostgres | undefined;
  let receiver: { url: string; stop(): Promise<void> } | undefined;
  try {
    postgres = await startPostgres({ dataDir: join(folder, 'postgres') });
    receiver = await startReceiverProcess(postgres.url);
    await load(receiver.url, postgres.url, { name: 'warm-up', perSecond: 2_000, seconds: 3 });
    return [
      await load(receiver.url, postgres.url, { name: 'sustained', perSecond: 5_000, seconds }),
      await load(receiver.url, postgres.url, { name: 'saturated', perSecond: Number.POSITIVE_INFINITY, seconds }),
    ];
  } finally {
    await receiver?.stop();
    await postgres?.stop();
    await dismissGuardian();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startReceiverProcess(databaseUrl: string): Promise<{ url: string; stop(): Promise<void> }> {
  const base = { PATH: process.env.PATH, DATABASE_OWNER_URL: databaseUrl, DATABASE_RECEIVER_URL: databaseUrl };
  const migrated = spawnSync(process.execPath, ['lib/receiver/migrate.ts'], {
    cwd: repository,
    env: { ...base, NODE_ENV: 'production' },
  });
  if (migrated.status !== 0) throw new Error(`the store could not be migrated: ${migrated.stderr}`);
  const onOneCore = spawnSync('taskset', ['-c', '0', 'true']).status === 0;
  const command = [...(onOneCore ? ['taskset', '-c', '0'] : []), process.execPath, 'lib/receiver/main.ts'];
  const child = spawn(command[0] ?? '', command.slice(1), {
    cwd: repository,
    env: { ...base, NODE_ENV: 'production', PORT: '0', TELEMETRY_RETENTION_BYTES: String(16 * 2 ** 30) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the receiver ended with ${code}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      const found = /"url":"([^"]+)"/.exec(chunk.toString());
      if (found?.[1]) resolve(found[1]);
    });
  });
  while (!(await isReady(url))) await new Promise((resolve) => setTimeout(resolve, 50));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

interface Load {
  name: string;
  perSecond: number;
  seconds: number;
}

async function load(url: string, databaseUrl: string, { name, perSecond, seconds }: Load): Promise<ReceiverFigures> {
  const source = spanSource();
  const connections = 8;
  const agent = new Agent({ connections, pipelining: 1 });
  const latenciesMs: number[] = [];
  let acknowledged = 0;
  let refusedRequests = 0;
  let failedRequests = 0;
  let maxRss = 0;

  async function send(): Promise<void> {
    const startedAt = performance.now();
    try {
      const headers = { 'content-type': 'application/x-protobuf' };
      const answer = await request(`${url}/v1/traces`, {
        method: 'POST',
        headers,
        body: source.next(),
        dispatcher: agent,
      });
      await answer.body.dump();
      latenciesMs.push(performance.now() - startedAt);
      if (answer.statusCode === 200) acknowledged += source.spansPerBody;
      else if (answer.statusCode === 429 || answer.statusCode === 503) refusedRequests += 1;
      else failedRequests += 1;
    } catch {
      failedRequests += 1;
    }
  }

  const before = { cpu: await metric(url, 'process_cpu_seconds_total'), ...(await stored(databaseUrl)) };
  const watch = setInterval(async () => {
    maxRss = Math.max(maxRss, await metric(url, 'process_resident_memory_bytes').catch(() => 0));
  }, 500);
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  if (Number.isFinite(perSecond)) {
    const pending = new Set<Promise<void>>();
    for (let sent = 0; performance.now() < until; sent += source.spansPerBody) {
      const dueAt = startedAt + (sent / perSecond) * 1_000;
      if (dueAt > performance.now()) await new Promise((resolve) => setTimeout(resolve, dueAt - performance.now()));
      const one = send().finally(() => pending.delete(one));
      pending.add(one);
    }
    await Promise.all(pending);
  } else {
    const loop = async () => {
      while (performance.now() < until) await send();
    };
    await Promise.all(Array.from({ length: connections }, loop));
  }
  const tookSeconds = (performance.now() - startedAt) / 1_000;
  clearInterval(watch);
  const cpuSeconds = (await metric(url, 'process_cpu_seconds_total')) - before.cpu;
  const after = await stored(databaseUrl);
  await agent.close();
  latenciesMs.sort((a, b) => a - b);
  const quantile = (ratio: number) => Math.round(latenciesMs[Math.floor(latenciesMs.length * ratio)] ?? 0);
  return {
    name,
    offeredPerSecond: Number.isFinite(perSecond) ? perSecond : 'as many as it takes',
    seconds: Math.round(tookSeconds * 10) / 10,
    acknowledgedPerSecond: Math.round(acknowledged / tookSeconds),
    refusedRequests,
    failedRequests,
    ackP50Ms: quantile(0.5),
    ackP99Ms: quantile(0.99),
    spansPerCpuSecond: Math.round(acknowledged / cpuSeconds),
    maxRssMegabytes: Math.round(maxRss / 2 ** 20),
    lostSpans: acknowledged - (after.rows - before.rows),
    storedBytesPerSpan: Math.round((after.bytes - before.bytes) / Math.max(1, after.rows - before.rows)),
  };
}

async function isReady(url: string): Promise<boolean> {
  const { statusCode, body } = await request(`${url}/readyz`);
  await body.dump();
  return statusCode === 200;
}

async function metric(url: string, name: string): Promise<number> {
  const { body } = await request(`${url}/metrics`);
  const line = (await body.text())
    .split('\n')
    .find((text) => text.startsWith(`${name}{`) || text.startsWith(`${name} `));
  return Number(line?.split(' ').at(-1) ?? Number.NaN);
}

async function stored(databaseUrl: string): Promise<{ rows: number; bytes: number }> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ rows: string; bytes: string }>(
      `SELECT (SELECT count(*) FROM telemetry.span) AS rows, (SELECT sum(bytes) FROM telemetry.partitions()) AS bytes`,
    );
    return { rows: Number(rows[0]?.rows), bytes: Number(rows[0]?.bytes) };
  } finally {
    await client.end();
  }
}

if (import.meta.main) console.table(await benchReceiver());
