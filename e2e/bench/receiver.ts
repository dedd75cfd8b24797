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
  /** Part of the spans that arrived that was stored; 1 while nothing is left out. */
  keptPart: number;
  /** The lowest ratio that was in force. */
  leastRatio: number;
  /** Acknowledged, but neither stored nor left out by sampling. */
  lostSpans: number;
  storedBytesPerSpan: number;
}

/** As the one-machine stack starts it. */
const asDeployed = { NODE_ENV: 'production', MALLOC_ARENA_MAX: '2', NODE_OPTIONS: '--max-semi-space-size=4' } as const;
const repository = new URL('../../', import.meta.url);

const sampled = { suffix: ', sampled', keepPerSecond: 2_000 };
const unsampled = { suffix: '', keepPerSecond: 1_000_000 };

/**
 * Runs the receiver as a process of its own, on one core where the machine has `taskset`, against a real Postgres
 * that flushes to disk, and sends spans at the 5,000/s that it must sustain, as many as it takes,
 * and on so many connections that it must refuse. Each once with all of them kept, and once sampled to what is kept by default.
 */
export async function benchReceiver({
  seconds = 20,
  modes = [unsampled, sampled],
}: {
  seconds?: number;
  modes?: { suffix: string; keepPerSecond: number }[];
} = {}): Promise<ReceiverFigures[]> {
  const figures: ReceiverFigures[] = [];
  for (const { suffix, keepPerSecond } of modes) {
    const rates = [
      { name: `sustained${suffix}`, perSecond: 5_000, seconds },
      { name: `saturated${suffix}`, perSecond: Number.POSITIVE_INFINITY, seconds },
      { name: `flooded${suffix}`, perSecond: Number.POSITIVE_INFINITY, seconds: seconds / 2, connections: 500 },
    ];
    figures.push(...(await benchRates(rates, keepPerSecond)));
  }
  return figures;
}

async function benchRates(rates: Load[], keepPerSecond: number): Promise<ReceiverFigures[]> {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-bench-'));
  let postgres: RunningPostgres | undefined;
  let receiver: { url: string; stop(): Promise<void> } | undefined;
  try {
    postgres = await startPostgres({ dataDir: join(folder, 'postgres') });
    receiver = await startReceiverProcess(postgres.url, keepPerSecond);
    await load(receiver.url, postgres.url, { name: 'warm-up', perSecond: 2_000, seconds: 3 });
    const figures: ReceiverFigures[] = [];
    for (const rate of rates) figures.push(await load(receiver.url, postgres.url, rate));
    return figures;
  } finally {
    await receiver?.stop();
    await postgres?.stop();
    await dismissGuardian();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startReceiverProcess(
  databaseUrl: string,
  keepPerSecond: number,
): Promise<{ url: string; stop(): Promise<void> }> {
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
    env: {
      ...base,
      ...asDeployed,
      PORT: '0',
      TELEMETRY_RETENTION_BYTES: String(16 * 2 ** 30),
      TELEMETRY_KEEP_SPANS_PER_SECOND: String(keepPerSecond),
    },
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
  connections?: number;
}

async function load(
  url: string,
  databaseUrl: string,
  { name, perSecond, seconds, connections = 8 }: Load,
): Promise<ReceiverFigures> {
  const source = spanSource();
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

  const dropped = () => metric(url, 'quarterdeck_receiver_spans_dropped_total').catch(() => 0);
  let leastRatio = 1;
  const before = {
    dropped: (await dropped()) || 0,
    cpu: await metric(url, 'process_cpu_seconds_total'),
    ...(await stored(databaseUrl)),
  };
  const watch = setInterval(async () => {
    maxRss = Math.max(maxRss, await metric(url, 'process_resident_memory_bytes').catch(() => 0));
    leastRatio = Math.min(leastRatio, (await metric(url, 'quarterdeck_receiver_sampling_ratio').catch(() => 1)) || 1);
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
  await settled(url, databaseUrl);
  const after = await stored(databaseUrl);
  const leftOut = ((await dropped()) || 0) - before.dropped;
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
    keptPart: Math.round(((after.rows - before.rows) / Math.max(1, acknowledged)) * 1_000) / 1_000,
    leastRatio: Math.round(leastRatio * 1_000) / 1_000,
    lostSpans: acknowledged - leftOut - (after.rows - before.rows),
    storedBytesPerSpan: Math.round((after.bytes - before.bytes) / Math.max(1, after.rows - before.rows)),
  };
}

/** Waits until the receiver has decided on all that it took. */
async function settled(url: string, databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (let seconds = 0; seconds < 60; seconds++) {
      const { rows } = await client.query('SELECT FROM telemetry.undecided LIMIT 1');
      if (rows.length === 0 && (await metric(url, 'quarterdeck_receiver_undecided_spans')) === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    throw new Error('spans were undecided for a minute after the last one arrived');
  } finally {
    await client.end();
  }
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
