import { create, type DescMessage, type MessageInitShape, toBinary, toJson } from '@bufbuild/protobuf';
import { StatusSchema } from '#lib/adapters/otlp/generated/google/rpc/status_pb.js';
import { ExportLogsServiceResponseSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/collector/logs/v1/logs_service_pb.js';
import { ExportTraceServiceResponseSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/collector/trace/v1/trace_service_pb.js';
import type { Encoding, Signal } from './decode/levels.ts';
import type { Refusals } from './decode/refusals.ts';

/** The canonical codes of `google.rpc.Code` that belong to the HTTP statuses that we answer. */
const rpcCodes: Record<number, number> = { 400: 3, 401: 16, 404: 5, 405: 12, 413: 8, 415: 3, 429: 8, 500: 13, 503: 14 };

/** A failure as `google.rpc.Status`, written as the request was. */
export function statusBody(httpStatus: number, message: string, encoding: Encoding): Uint8Array {
  return write(StatusSchema, { code: rpcCodes[httpStatus] ?? 2, message }, encoding);
}

/**
 * The answer to a request that was kept wholly or in part. `partial_success` is set only when something was refused
 * or is to be said.
 */
export function exportBody(signal: Signal, encoding: Encoding, refused: Refusals, warnings: Refusals): Uint8Array {
  const errorMessage = [...refused.reasons, ...warnings.reasons]
    .map(({ reason, count }) => `${count}: ${reason}`)
    .join('; ');
  const count = BigInt(refused.count);
  if (signal === 'traces') {
    const partialSuccess = errorMessage ? { rejectedSpans: count, errorMessage } : undefined;
    return write(ExportTraceServiceResponseSchema, { partialSuccess }, encoding);
  }
  const partialSuccess = errorMessage ? { rejectedLogRecords: count, errorMessage } : undefined;
  return write(ExportLogsServiceResponseSchema, { partialSuccess }, encoding);
}

function write<Desc extends DescMessage>(schema: Desc, init: MessageInitShape<Desc>, encoding: Encoding): Uint8Array {
  const message = create(schema, init);
  if (encoding === 'application/x-protobuf') return toBinary(schema, message);
  return Buffer.from(JSON.stringify(toJson(schema, message)));
}
