import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Job, JobContext } from '#lib/core/define-job.ts';
import { newId } from '#lib/core/ids.ts';
import { metrics } from '#lib/core/metrics.ts';
import { connect, type Database, db, leaseHolder } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { runJobs } from './run-jobs.ts';

vi.stubEnv('LOG_LEVEL', 'fatal');

let done: () => Promise<void>;
beforeAll(async () => {
  done = await useTestDatabase();
});
afterAll(() => done());

const running: { stop: AbortController; ended: Promise<void> }[] = [];
afterEach(async () => {
  for (const { stop } of running) stop.abort();
  await Promise.all(running.splice(0).map(({ ended }) => ended));
});

/** A worker of its own, until the test ends. */
function work(jobs: Job[], database: Database = db()) {
  const stop = new AbortController();
  const ended = runJobs(jobs, database, stop.signal);
  running.push({ stop, ended });
  return { stop, ended };
}

function job(handler: (context: JobContext) => Promise<void>, times: Partial<Job> = {}): Job {
  return {
    name: `test.${newId()}`,
    everyMs: 60_000,
    leaseMs: 10_000,
    handler: async () => ({ default: handler }),
    ...times,
  };
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('a job', () => {
  test('runs on its rhythm', async () => {
    let runs = 0;
    work([job(async () => void runs++, { everyMs: 30 })]);
    await vi.waitUntil(() => runs >= 3, { timeout: 10_000 });
  });

  test('that fails is tried again, and does not stop the others', async () => {
    let failures = 0;
    let others = 0;
    const failing = job(async () => {
      failures += 1;
      if (failures === 1) throw new Error('failed');
    });
    work([failing, job(async () => void others++, { everyMs: 30 })]);
    await vi.waitUntil(() => failures >= 2, { timeout: 10_000 });
    expect(others).toBeGreaterThan(2);
    expect(await metrics().registry.getSingleMetricAsString('quarterdeck_job_duration_seconds')).toContain(
      `job="${failing.name}",outcome="failed"`,
    );
  });

  test('that cannot even be loaded is tried again', async () => {
    let loads = 0;
    const broken = job(async () => {});
    broken.handler = async () => {
      loads += 1;
      throw new Error('no such module');
    };
    work([broken]);
    await vi.waitUntil(() => loads >= 2, { timeout: 10_000 });
  });
});

describe('two workers', () => {
  test('share a job: one runs it, and it is not run more often than by one', async () => {
    const runs: number[] = [];
    const shared = job(async () => void runs.push(Date.now()), { everyMs: 400, leaseMs: 100 });
    for (let worker = 0; worker < 3; worker++) work([shared]);
    await vi.waitUntil(() => runs.length >= 4, { timeout: 20_000 });
    const gaps = runs.slice(1).map((at, index) => at - runs[index]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(390);
  });

  test('never run it at the same time', async () => {
    let inside = 0;
    let most = 0;
    let runs = 0;
    const shared = job(
      async () => {
        most = Math.max(most, ++inside);
        await sleep(40);
        inside -= 1;
        runs += 1;
      },
      { everyMs: 20 },
    );
    for (let worker = 0; worker < 3; worker++) work([shared]);
    await vi.waitUntil(() => runs >= 4, { timeout: 20_000 });
    expect(most).toBe(1);
  });

  test('follow each other: when one stops the other goes on, without waiting for the lease to run out', async () => {
    const by: string[] = [];
    const shared = (who: string, name: string): Job => ({
      ...job(async () => void by.push(who), { everyMs: 60_000, leaseMs: 200 }),
      name,
    });
    const name = `test.${newId()}`;
    const first = work([shared('first', name)]);
    await vi.waitUntil(() => by.length === 1);
    work([shared('second', name)]);
    await sleep(300);
    expect(by).toEqual(['first']);
    first.stop.abort();
    await first.ended;
    await vi.waitUntil(() => by.includes('second'), { timeout: 10_000 });
  });

  test('take over from one that died', async () => {
    const name = `test.${newId()}`;
    await db().$executeRaw`
      insert into lease (name, holder, token, acquired_at, expires_at)
      values (${`job:${name}`}, 'a dead worker', 7, now(), now() + interval '500 milliseconds')`;
    let runs = 0;
    work([{ ...job(async () => void runs++), name, leaseMs: 200 }]);
    await sleep(100);
    expect(runs).toBe(0);
    await vi.waitUntil(() => runs === 1, { timeout: 10_000 });
  });
});

describe('a run', () => {
  test('longer than its lease keeps it', async () => {
    let finished = false;
    const long = job(
      async ({ signal }) => {
        await sleep(900);
        finished = !signal.aborted;
      },
      { leaseMs: 400 },
    );
    work([long]);
    await vi.waitUntil(() => finished, { timeout: 10_000 });
  });

  test('that loses its lease is told to stop', async () => {
    let aborted: unknown;
    const name = `test.${newId()}`;
    const robbed = job(
      async ({ signal }) => {
        await db().$executeRaw`update lease set holder = 'a thief', token = token + 1 where name = ${`job:${name}`}`;
        await untilAborted(signal);
        aborted ??= signal.reason;
      },
      { leaseMs: 400 },
    );
    work([{ ...robbed, name }]);
    await vi.waitUntil(() => aborted, { timeout: 10_000 });
    expect(aborted).toMatchObject({ message: 'the lease was lost' });
    expect(await leaseHolder(db(), `job:${name}`)).toMatchObject({ holder: 'a thief' });
  });

  test('that is cut off from Postgres stops before another may begin', async () => {
    const database = connect(process.env.DATABASE_URL ?? '', 2);
    let cutAt = 0;
    let stoppedAt = 0;
    const cutOff = job(
      async ({ signal }) => {
        cutAt = Date.now();
        vi.spyOn(database, '$executeRaw').mockRejectedValue(new Error('cut off'));
        await untilAborted(signal);
        stoppedAt ||= Date.now();
      },
      { leaseMs: 1_000 },
    );
    const { stop, ended } = work([cutOff], database);
    await vi.waitUntil(() => stoppedAt > 0, { timeout: 10_000 });
    expect(stoppedAt - cutAt).toBeLessThan(1_000);
    stop.abort();
    await ended;
    await database.$disconnect();
  });

  test('is waited for when the worker stops, and its lease is given back', async () => {
    const order: string[] = [];
    const name = `test.${newId()}`;
    const { stop, ended } = work([
      {
        ...job(async ({ signal }) => {
          order.push('begun');
          await untilAborted(signal);
          await sleep(50);
          order.push('finished');
        }),
        name,
      },
    ]);
    await vi.waitUntil(() => order.includes('begun'));
    stop.abort();
    await ended;
    order.push('stopped');
    expect(order).toEqual(['begun', 'finished', 'stopped']);
    expect(await leaseHolder(db(), `job:${name}`)).toBeNull();
  });
});

test('a worker without a database keeps trying and can be stopped', async () => {
  const away = connect('postgresql://nobody@127.0.0.1:1/none', 1);
  let runs = 0;
  const { stop, ended } = work([job(async () => void runs++)], away);
  await sleep(100);
  stop.abort();
  await ended;
  expect(runs).toBe(0);
  await away.$disconnect();
});
