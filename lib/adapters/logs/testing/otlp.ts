import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { ExportLogsServiceRequestSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/collector/logs/v1/logs_service_pb.js';
import type { AnyValueSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/common/v1/common_pb.js';
import { type LogLevel, logLevels } from '../port.ts';

type Value = string | number | boolean | { [key: string]: Value };

/** A line as a service writes it. */
export interface SentLine {
  timeNs: bigint;
  environment?: string;
  service: string;
  instance?: string;
  level?: LogLevel;
  severityText?: string;
  body: Value;
  traceId?: string;
  spanId?: string;
  attributes?: Record<string, Value>;
}

function anyValue(value: Value): MessageInitShape<typeof AnyValueSchema> {
  if (typeof value === 'string') return { value: { case: 'stringValue', value } };
  if (typeof value === 'boolean') return { value: { case: 'boolValue', value } };
  if (typeof value === 'object') return { value: { case: 'kvlistValue', value: { values: keyValues(value) } } };
  return Number.isInteger(value)
    ? { value: { case: 'intValue', value: BigInt(value) } }
    : { value: { case: 'doubleValue', value } };
}

const keyValues = (attributes: Record<string, Value>) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));

const bytes = (hex: string | undefined) => (hex ? new Uint8Array(Buffer.from(hex, 'hex')) : new Uint8Array());

/** A request of the OTLP exporter with lines of several services. */
export function otlpLogs(lines: readonly SentLine[]): Uint8Array<ArrayBuffer> {
  const message = create(ExportLogsServiceRequestSchema, {
    resourceLogs: lines.map(({ environment, service, instance, ...line }) => ({
      resource: {
        attributes: keyValues({
          'service.name': service,
          ...(instance && { 'service.instance.id': instance }),
          ...(environment && { 'deployment.environment.name': environment }),
          'host.arch': 'amd64',
        }),
      },
      scopeLogs: [
        {
          scope: { name: 'suite' },
          logRecords: [
            {
              timeUnixNano: line.timeNs,
              observedTimeUnixNano: line.timeNs,
              severityNumber: line.level ? logLevels[line.level] : 0,
              severityText: line.severityText ?? '',
              body: anyValue(line.body),
              traceId: bytes(line.traceId),
              spanId: bytes(line.spanId),
              attributes: keyValues(line.attributes ?? {}),
            },
          ],
        },
      ],
    })),
  });
  return new Uint8Array(toBinary(ExportLogsServiceRequestSchema, message));
}

export async function postLogs(url: string, lines: readonly SentLine[]): Promise<void> {
  for (let from = 0; from < lines.length; from += 500) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: otlpLogs(lines.slice(from, from + 500)),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  }
}
