import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter as LogsAsJson } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as LogsAsProtobuf } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPTraceExporter as TracesAsJson } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as TracesAsProtobuf } from '@opentelemetry/exporter-trace-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import { ownReceiver } from './testing/own-receiver.ts';

const receiver = ownReceiver();

const variants = [
  ['protobuf', TracesAsProtobuf, LogsAsProtobuf, CompressionAlgorithm.NONE],
  ['protobuf, gzip', TracesAsProtobuf, LogsAsProtobuf, CompressionAlgorithm.GZIP],
  ['JSON', TracesAsJson, LogsAsJson, CompressionAlgorithm.NONE],
  ['JSON, gzip', TracesAsJson, LogsAsJson, CompressionAlgorithm.GZIP],
] as const;

describe.each(variants)(
  'the official exporters of Node with %s',
  (variant, TraceExporter, LogExporter, compression) => {
    const resource = resourceFromAttributes({
      'service.name': `order ${variant}`,
      'service.version': '1.4.0',
      'deployment.environment.name': 'production',
    });

    it('leave each span as it was made', async () => {
      const exporter = new TraceExporter({ url: `${receiver.url}/v1/traces`, compression });
      const provider = new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
      const tracer = provider.getTracer('shop', '2.0.0');
      const root = tracer.startSpan('POST /orders', { kind: SpanKind.SERVER, startTime: new Date(Date.now() - 1_000) });
      const linked = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: 1 };
      const child = tracer.startSpan(
        'charge "card" \\ ünïcode \u{1f4b3}',
        {
          kind: SpanKind.CLIENT,
          attributes: { 'http.route': '/charge', count: 3, ratio: 0.25, ok: true, tags: ['a', 'b'], nothing: '' },
          links: [{ context: linked, attributes: { why: 'batch' } }],
        },
        trace.setSpan(context.active(), root),
      );
      child.addEvent('retry', { attempt: 2 });
      child.setStatus({ code: SpanStatusCode.ERROR, message: 'declined' });
      child.end();
      root.end();
      await provider.shutdown();

      const { traceId } = root.spanContext();
      const spans = await receiver.database.query(
        `SELECT encode(span_id, 'hex') AS span_id, encode(parent_span_id, 'hex') AS parent, name, kind, status,
              status_message, s.service, s.environment, scope_name, scope_version, s.attributes, events, links,
              start_ns::text, duration_ns::text, r.attributes AS resource
       FROM telemetry.span s JOIN telemetry.resource r ON r.id = resource_id
       WHERE trace_id = decode($1, 'hex') ORDER BY parent_span_id NULLS FIRST`,
        [traceId],
      );
      expect(spans).toHaveLength(2);
      expect(spans[0]).toMatchObject({
        name: 'POST /orders',
        kind: 2,
        status: 0,
        parent: null,
        events: null,
        links: null,
      });
      expect(spans[1]).toMatchObject({
        span_id: child.spanContext().spanId,
        parent: root.spanContext().spanId,
        name: 'charge "card" \\ ünïcode \u{1f4b3}',
        kind: 3,
        status: 2,
        status_message: 'declined',
        service: `order ${variant}`,
        environment: 'production',
        scope_name: 'shop',
        scope_version: '2.0.0',
        attributes: { 'http.route': '/charge', count: 3, ratio: 0.25, ok: true, tags: ['a', 'b'], nothing: '' },
        events: [{ name: 'retry', attributes: { attempt: 2 }, droppedAttributesCount: 0 }],
        links: [{ traceId: linked.traceId, spanId: linked.spanId, attributes: { why: 'batch' } }],
      });
      expect(spans[0]?.resource).toMatchObject({ 'service.version': '1.4.0' });
      const [seconds, nanoseconds] = (root as unknown as { startTime: [number, number] }).startTime;
      expect(spans[0]?.start_ns).toBe(`${BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)}`);
      expect(Number(spans[0]?.duration_ns)).toBeGreaterThanOrEqual(900_000_000);
    });

    it('leave each log record as it was made', async () => {
      const exporter = new LogExporter({ url: `${receiver.url}/v1/logs`, compression });
      const provider = new LoggerProvider({ resource, processors: [new BatchLogRecordProcessor({ exporter })] });
      const logger = provider.getLogger('shop');
      logger.emit({
        severityNumber: SeverityNumber.WARN,
        severityText: 'WARN',
        body: 'stock is "low"',
        attributes: { left: 2 },
      });
      logger.emit({ severityNumber: SeverityNumber.INFO, body: { order: 7, items: ['a'] } });
      await provider.shutdown();

      const records = await receiver.database.query(
        'SELECT severity, severity_text, body, body_is_json, attributes FROM telemetry.log_record WHERE service = $1 ORDER BY severity DESC',
        [`order ${variant}`],
      );
      expect(records).toMatchObject([
        { severity: 13, severity_text: 'WARN', body: 'stock is "low"', body_is_json: false, attributes: { left: 2 } },
        { severity: 9, body_is_json: true },
      ]);
      expect(JSON.parse(records[1]?.body)).toEqual({ order: 7, items: ['a'] });
    });
  },
);
