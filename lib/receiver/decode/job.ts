import { hash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { Encoding, Signal } from './levels.ts';
import { logRows } from './logs.ts';
import { readGroups } from './otlp.ts';
import { nsPerHour } from './refusals.ts';
import { type Decoded, spanRows } from './spans.ts';
import { UndecodableError } from './undecodable.ts';

/** One body to decode. */
export interface DecodeJob {
  signal: Signal;
  encoding: Encoding;
  gzip: boolean;
  body: Uint8Array;
  maxBodyBytes: number;
  /** The oldest hour since 1970 that is kept. */
  oldestHour: number;
  /** A span that took this long or longer is slow. */
  slowMs: number;
  /** Whether spans are needed one by one. */
  isHolding: boolean;
}

export type DecodeResult =
  | { outcome: 'decoded'; decoded: Decoded }
  | { outcome: 'undecodable'; message: string }
  | { outcome: 'too_large' };

/** Clocks of senders may be ahead by this much. */
const aheadNs = nsPerHour;

/** Unpacks, decodes and turns into rows. */
export function runDecodeJob(job: DecodeJob, nowMs = Date.now()): DecodeResult {
  try {
    const body = job.gzip ? unpack(job.body, job.maxBodyBytes) : job.body;
    if (body === undefined) return { outcome: 'too_large' };
    const nowNs = BigInt(nowMs) * 1_000_000n;
    const window = { fromNs: BigInt(job.oldestHour) * nsPerHour, toNs: nowNs + aheadNs };
    const { slowMs, isHolding } = job;
    const decoded =
      job.signal === 'traces'
        ? spanRows(readGroups('traces', body, job.encoding), window, {
            digest: hash('sha256', body, 'base64url'),
            slowNs: BigInt(slowMs) * 1_000_000n,
            isHolding,
          })
        : logRows(readGroups('logs', body, job.encoding), window, nowNs);
    return { outcome: 'decoded', decoded };
  } catch (error) {
    if (error instanceof UndecodableError) return { outcome: 'undecodable', message: error.message };
    if (error instanceof RangeError) return { outcome: 'undecodable', message: 'the message is nested too deeply' };
    throw error;
  }
}

function unpack(body: Uint8Array, maxOutputLength: number): Uint8Array | undefined {
  try {
    return gunzipSync(body, { maxOutputLength });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw new UndecodableError(`the body is not gzip: ${message}`);
  }
}
