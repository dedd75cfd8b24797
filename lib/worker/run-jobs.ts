import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Job } from '#lib/core/define-job.ts';
import { log } from '#lib/core/log.ts';
import { metrics } from '#lib/core/metrics.ts';
import { acquireLease, type Database, type Held, releaseLease, renewLease } from '#lib/db/index.ts';

const retryMs = 1_000;
const longestRetryMs = 30_000;

/**
 * Runs every job on its own rhythm until the signal aborts, then waits for what is running. Several workers share
 * the jobs: a run needs the job's lease, and one that loses it is told to stop.
 */
export async function runJobs(jobs: Job[], database: Database, signal: AbortSignal): Promise<void> {
  const holder = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  await Promise.all(jobs.map((job) => loop(job, database, holder, signal)));
}

async function loop(job: Job, database: Database, holder: string, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const due = Date.now();
    try {
      const held = await acquireLease(database, { name: `job:${job.name}`, holder, ttlMs: job.leaseMs });
      if (held) {
        metrics().jobLag.set({ job: job.name }, (Date.now() - due) / 1_000);
        await runOnce(job, database, held, signal);
        await releaseLease(database, held);
      }
      failures = 0;
      await pause(held ? job.everyMs : Math.min(job.everyMs, job.leaseMs), signal);
    } catch (error) {
      failures += 1;
      const level = failures === 1 || failures % 20 === 0 ? 'warn' : 'debug';
      log()[level]({ err: error, job: job.name, failures }, 'job failed; it is tried again');
      await pause(Math.min(longestRetryMs, retryMs * 2 ** Math.min(failures, 5)), signal);
    }
  }
}

async function runOnce(job: Job, database: Database, held: Held, signal: AbortSignal): Promise<void> {
  const lost = new AbortController();
  const renewal = setInterval(() => {
    renewLease(database, held, job.leaseMs).then(
      (kept) => kept || lost.abort(new Error('the lease was lost')),
      (error: unknown) => log().warn({ err: error, job: job.name }, 'lease was not renewed'),
    );
  }, job.leaseMs / 3);
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
