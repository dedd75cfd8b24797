import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Job } from '#lib/core/define-job.ts';
import { log } from '#lib/core/log.ts';
import { metrics } from '#lib/core/metrics.ts';
import { acquireLease, type Database, type Held, releaseLease, renewLease } from '#lib/db/index.ts';

const retryMs = 1_000;
const longestRetryMs = 30_000;
const graceMs = 5_000;

/**
 * Runs every job on its own rhythm until the signal aborts, then waits for what is running. Several workers share
 * the jobs: a run needs the job's lease, and one that loses it is told to stop.
 */
export async function runJobs(jobs: Job[], database: Database, signal: AbortSignal): Promise<void> {
  const holder = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  await Promise.all(jobs.map((job) => loop(job, database, holder, signal)));
}

async function loop(job: Job, database: Database, holder: string, signal: AbortSignal): Promise<void> {
  const name = `job:${job.name}`;
  let failures = 0;
  let dueAt = Date.now();
  let held: Held | null = null;
  while (!signal.aborted) {
    let pauseMs: number;
    try {
      held = await acquireLease(database, { name, holder, ttlMs: job.leaseMs });
      if (held) {
        metrics().jobLag.set({ job: job.name }, Math.max(0, Date.now() - dueAt) / 1_000);
        await runOnce(job, database, held, signal);
        // Kept until the next run is due, so that another worker does not run it in between.
        await renewLease(database, held, job.everyMs + Math.min(job.leaseMs, graceMs));
      }
      failures = 0;
      pauseMs = held ? job.everyMs : Math.min(job.everyMs, job.leaseMs);
    } catch (error) {
      failures += 1;
      const level = failures === 1 || failures % 20 === 0 ? 'warn' : 'debug';
      log()[level]({ err: error, job: job.name, failures }, 'job failed; it is tried again');
      pauseMs = Math.min(longestRetryMs, retryMs * 2 ** Math.min(failures - 1, 5));
    }
    dueAt = Date.now() + pauseMs;
    await pause(pauseMs, signal);
  }
  if (held) {
    await releaseLease(database, held).catch((error: unknown) =>
      log().debug({ err: error, job: job.name }, 'lease was not given back; it ends by itself'),
    );
  }
}

async function runOnce(job: Job, database: Database, held: Held, signal: AbortSignal): Promise<void> {
  const lost = new AbortController();
  // By this clock: a worker that is cut off from Postgres must stop by itself before another takes the job over.
  let keptUntil = Date.now() + job.leaseMs;
  const everyMs = job.leaseMs / 4;
  const renewal = setInterval(() => {
    const asked = Date.now();
    if (asked + everyMs >= keptUntil) lost.abort(new Error('the lease runs out'));
    renewLease(database, held, job.leaseMs).then(
      (kept) => {
        if (kept) keptUntil = asked + job.leaseMs;
        else lost.abort(new Error('the lease was lost'));
      },
      (error: unknown) => log().warn({ err: error, job: job.name }, 'lease was not renewed'),
    );
  }, everyMs);
  const end = metrics().jobDuration.startTimer({ job: job.name });
  try {
    const { default: handler } = await job.handler();
    const both = AbortSignal.any([signal, lost.signal]);
    await handler({ signal: both, log: log().child({ job: job.name }), now: new Date() });
    end({ outcome: 'ok' });
  } catch (error) {
    end({ outcome: 'failed' });
    throw error;
  } finally {
    clearInterval(renewal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
