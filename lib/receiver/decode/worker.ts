import { parentPort } from 'node:worker_threads';
import { type DecodeJob, runDecodeJob } from './job.ts';

/** The thread that decodes, one body at a time, so that large ones do not hold up the answers to others. */
parentPort?.on('message', ({ id, job }: { id: number; job: DecodeJob }) => {
  try {
    const result = runDecodeJob(job);
    const packed = result.outcome === 'decoded' ? result.decoded.packed : undefined;
    const moved = packed ? [packed.text.buffer, packed.traceIds.buffer, packed.ends.buffer] : [];
    parentPort?.postMessage({ id, result }, moved);
  } catch (error) {
    parentPort?.postMessage({ id, failure: (error as Error).stack ?? String(error) });
  }
});
