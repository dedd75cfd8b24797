import type { Logger } from './log.ts';

export interface JobContext {
  /** Aborted when the worker stops or loses the job's lease. */
  signal: AbortSignal;
  log: Logger;
  now: Date;
}

/** A piece of background work: tiny, with its handler loaded only where it runs. Safe to run twice. */
export interface Job {
  /** `room.what-it-does`; also the name of its lease. */
  name: string;
  /** From the end of one run to the start of the next. */
  everyMs: number;
  /** How long another worker waits before it takes the job over. */
  leaseMs: number;
  handler: () => Promise<{ default: (context: JobContext) => Promise<void> }>;
}

export function defineJob(job: Job): Job {
  return job;
}
