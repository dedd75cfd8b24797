import { Worker } from 'node:worker_threads';
import type { DecodeJob, DecodeResult } from './decode/job.ts';

/** A body waited for so long that its sender has given up and will send it again. */
export class WaitedTooLongError extends Error {
  override readonly name = 'WaitedTooLongError';
}

export interface Decoder {
  /** Decodes one body; bodies are taken in order. Rejects when the thread failed on it or it waited for too long. */
  decode(job: DecodeJob): Promise<DecodeResult>;
  /** How long the body that is next has waited. */
  waitedMs(): number;
  /** Looks again whether there is room for the next body. */
  wake(): void;
  close(): Promise<void>;
}

interface Waiting {
  job: DecodeJob;
  since: number;
  resolve(result: DecodeResult): void;
  reject(error: Error): void;
}

type Reply = { id: number; result: DecodeResult } | { id: number; failure: string };

/**
 * A decoding thread with a bounded heap. When a body is more than it can take, that body fails with an error and a
 * fresh thread goes on with the next. While there is no room for results, bodies wait in the form in which they came.
 */
export function startDecoder({
  maxHeapMegabytes = 256,
  hasRoom = () => true,
  longestWaitMs = 9_000,
}: {
  maxHeapMegabytes?: number;
  hasRoom?(): boolean;
  longestWaitMs?: number;
} = {}): Decoder {
  const queue: Waiting[] = [];
  let current: Waiting | undefined;
  let worker: Worker | undefined;
  let closed = false;
  let lastId = 0;

  function thread(): Worker {
    if (worker) return worker;
    const started = new Worker(new URL('./decode/worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMegabytes, maxYoungGenerationSizeMb: 24 },
    });
    started.on('message', (reply: Reply) => {
      if (reply.id !== lastId || started !== worker) return;
      if ('failure' in reply) finish((waiting) => waiting.reject(new Error(reply.failure)));
      else finish((waiting) => waiting.resolve(reply.result));
    });
    started.on('error', (error) => lost(started, error as Error));
    started.on('exit', (code) => lost(started, new Error(`the decoding thread ended with code ${code}`)));
    worker = started;
    return started;
  }

  function lost(which: Worker, error: Error): void {
    if (which !== worker) return;
    worker = undefined;
    finish((waiting) => waiting.reject(error));
  }

  function finish(settle: (waiting: Waiting) => void): void {
    const done = current;
    current = undefined;
    next();
    if (done) settle(done);
  }

  function next(): void {
    if (current || closed || !hasRoom()) return;
    const tooOld = performance.now() - longestWaitMs;
    while (queue[0] && queue[0].since < tooOld) {
      queue.shift()?.reject(new WaitedTooLongError(`the body waited for more than ${longestWaitMs} ms`));
    }
    current = queue.shift();
    if (!current) return;
    lastId += 1;
    const { body } = current.job;
    const whole =
      body.byteOffset === 0 && body.byteLength === body.buffer.byteLength && body.buffer instanceof ArrayBuffer;
    thread().postMessage({ id: lastId, job: current.job }, whole ? [body.buffer as ArrayBuffer] : []);
  }

  thread();
  return {
    decode: (job) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new Error('the decoder is closed'));
        queue.push({ job, since: performance.now(), resolve, reject });
        next();
      }),
    waitedMs: () => (queue[0] ? performance.now() - queue[0].since : 0),
    wake: next,
    async close() {
      closed = true;
      const ended = worker;
      worker = undefined;
      for (const waiting of [...(current ? [current] : []), ...queue])
        waiting.reject(new Error('the decoder is closed'));
      await ended?.terminate();
    },
  };
}
