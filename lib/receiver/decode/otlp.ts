import { type DescMessage, fromBinary, fromJson, type JsonValue, type MessageShape } from '@bufbuild/protobuf';
import {
  type ExportLogsServiceRequest,
  ExportLogsServiceRequestSchema,
} from '../generated/opentelemetry/proto/collector/logs/v1/logs_service_pb.js';
import {
  type ExportTraceServiceRequest,
  ExportTraceServiceRequestSchema,
} from '../generated/opentelemetry/proto/collector/trace/v1/trace_service_pb.js';
import { parseOtlpJson } from './json.ts';
import { UndecodableError } from './undecodable.ts';

/** How a body is written: the content type without its parameters. */
export type Encoding = 'application/x-protobuf' | 'application/json';

/** Reads a body as `ExportTraceServiceRequest`; throws `UndecodableError`. */
export function decodeTraces(body: Uint8Array, encoding: Encoding): ExportTraceServiceRequest {
  return decode(ExportTraceServiceRequestSchema, body, encoding);
}

/** Reads a body as `ExportLogsServiceRequest`; throws `UndecodableError`. */
export function decodeLogs(body: Uint8Array, encoding: Encoding): ExportLogsServiceRequest {
  return decode(ExportLogsServiceRequestSchema, body, encoding);
}

function decode<Desc extends DescMessage>(schema: Desc, body: Uint8Array, encoding: Encoding): MessageShape<Desc> {
  try {
    if (encoding === 'application/x-protobuf') return fromBinary(schema, body);
    return fromJson(schema, parseOtlpJson(body) as JsonValue, { ignoreUnknownFields: true });
  } catch (error) {
    if (error instanceof UndecodableError) throw error;
    if (error instanceof RangeError && /call stack/i.test(error.message)) {
      throw new UndecodableError('the message is nested too deeply');
    }
    throw new UndecodableError(`the body is not ${schema.typeName} as ${encoding}: ${(error as Error).message}`);
  }
}
