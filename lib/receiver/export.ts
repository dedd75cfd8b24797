import type { IncomingMessage } from 'node:http';
import { exportBody, statusBody } from './answers.ts';
import type { Availability } from './availability.ts';
import { readBody } from './body.ts';
import type { Budget } from './budget.ts';
import type { Encoding, Signal } from './decode/levels.ts';
import type { Decoded } from './decode/spans.ts';
import { type Decoder, WaitedTooLongError } from './decoder.ts';
import type { Derived } from './derived/derived.ts';
import type { ReceiverMetrics } from './metrics.ts';
import type { Retention } from './retention.ts';
import type { Sampling } from './sampling/sampling.ts';
import { decodedBytes, decodedItem, StoreUnavailableError, UnstorableError, type Writer } from './writer.ts';

export interface Answer {
  status: number;
  encoding: Encoding;
  body: Uint8Array;
  headers?: Record<string, string>;
  /** The body of the request was not read to its end, so the connection cannot be used again. */
  close?: boolean;
}

export interface ExportParts {
  /** Everything between arrival and answer. */
  budget: Budget;
  /** The part of it that is decoded and waits to be stored. */
  backlog: Budget;
  decoder: Decoder;
  writer: Writer;
  availability: Availability;
  retention: Retention;
  derived: Derived;
  sampling: Sampling;
  metrics: ReceiverMetrics;
  maxBodyBytes: number;
  slowMs: number;
  draining(): boolean;
  onFailure(error: Error): void;
}

const retryAfterSeconds = 2;
/** Exporters give up after 10 s by default, and send again what is still waiting here. */
const longestWaitMs = 4_000;

/** A failure as an answer; 429 and 503 say when to try again. */
export function failure(status: number, message: string, encoding: Encoding, extra: Partial<Answer> = {}): Answer {
  const retry: Record<string, string> =
    status === 429 || status === 503 ? { 'retry-after': String(retryAfterSeconds) } : {};
  const headers = { ...retry, ...extra.headers };
  return { status, encoding, body: statusBody(status, message, encoding), ...extra, headers };
}

/** The encoding that a request is written in, or what to say when it is none that we read. */
export function requestEncoding(request: IncomingMessage): Encoding | undefined {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  return type === 'application/x-protobuf' || type === 'application/json' ? type : undefined;
}

/** Takes one export request through body, decoding and store; undefined when the sender went away. */
export async function exportRequest(
  request: IncomingMessage,
  signal: Signal,
  parts: ExportParts,
): Promise<Answer | undefined> {
  const { backlog, budget, metrics } = parts;
  const encoding = requestEncoding(request);
  if (!encoding) {
    const message = 'the content type must be application/x-protobuf or application/json';
    return failure(415, message, 'application/json', { close: true });
  }
  const compression = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (compression !== 'gzip' && compression !== 'identity') {
    const headers = { 'accept-encoding': 'gzip, identity' };
    return failure(415, 'the content encoding must be gzip or identity', encoding, { close: true, headers });
  }
  const refuse = (status: number, reason: string, message: string) => {
    metrics.refused.inc({ signal, reason });
    return failure(status, message, encoding, { close: true });
  };
  if (parts.draining()) return refuse(503, 'draining', 'the receiver is stopping');
  const down = parts.availability.down();
  if (down) return refuse(503, 'database', `Postgres does not take telemetry now: ${down.reason}`);

  if (signal === 'traces' && parts.sampling.isCongested()) {
    return refuse(429, 'undecided_full', 'Postgres falls behind with what was decided; slow down');
  }

  if (parts.decoder.waitedMs() > longestWaitMs) {
    return refuse(429, 'queue_slow', 'what was sent before has waited for long; slow down');
  }

  const read = await readBody(request, parts.maxBodyBytes, budget);
  if (read.outcome === 'aborted') return undefined;
  const tooLarge = `the body is larger than ${parts.maxBodyBytes} bytes`;
  if (read.outcome === 'too_large') return failure(413, tooLarge, encoding, { close: true });
  if (read.outcome === 'over_budget') return refuse(429, 'queue_full', 'more is waiting than may wait; slow down');

  let held = read.bytes;
  let decodedHeld = 0;
  try {
    const gzip = compression === 'gzip';
    const startedAt = performance.now();
    const result = await parts.decoder.decode({
      signal,
      encoding,
      gzip,
      body: read.body,
      maxBodyBytes: parts.maxBodyBytes,
      oldestHour: parts.retention.oldestHour(),
      slowMs: parts.slowMs,
      isHolding: parts.sampling.isHolding(),
    });
    metrics.decodeDuration.observe({ signal }, (performance.now() - startedAt) / 1000);
    if (result.outcome === 'undecodable') return failure(400, result.message, encoding);
    if (result.outcome === 'too_large') return failure(413, `${tooLarge} after decompression`, encoding);
    const { decoded } = result;
    decodedHeld = decodedBytes(decoded);
    backlog.take(decodedHeld);
    budget.take(decodedHeld);
    budget.give(held);
    held = decodedHeld;
    if (decoded.rows > 0) await store(signal, decoded, parts);
    if (decoded.facts) parts.derived.count(decoded.facts);
    for (const { reason, count } of decoded.refused.reasons) metrics.rejected.inc({ signal, reason }, count);
    return { status: 200, encoding, body: exportBody(signal, encoding, decoded.refused, decoded.warnings) };
  } catch (error) {
    if (error instanceof StoreUnavailableError) {
      metrics.refused.inc({ signal, reason: 'database' });
      return failure(503, 'Postgres does not take telemetry now', encoding);
    }
    if (error instanceof WaitedTooLongError) {
      metrics.refused.inc({ signal, reason: 'queue_slow' });
      return failure(429, 'it waited for too long; slow down', encoding);
    }
    if (parts.draining()) return failure(503, 'the receiver is stopping', encoding);
    parts.onFailure(error as Error);
    if (error instanceof UnstorableError) return failure(400, 'Postgres cannot keep what the request holds', encoding);
    return failure(500, 'the request could not be handled', encoding);
  } finally {
    backlog.give(decodedHeld);
    budget.give(held);
  }
}

async function store(signal: Signal, decoded: Decoded, { sampling, writer, derived }: ExportParts): Promise<void> {
  if (signal === 'logs') return writer.write(decodedItem(signal, decoded));
  // What is stored is found again by its ids, but what is held or left out is not.
  const isKnown = decoded.packed && decoded.facts && derived.isCounted(decoded.facts.digest);
  if (!isKnown) await sampling.take(decoded);
}
