import { randomFillSync } from 'node:crypto';
import { context, SpanKind, trace } from '@opentelemetry/api';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';

const spansPerTrace = 8;

/** Makes bodies of OTLP requests, each with traces that no body had before. */
export interface SpanSource {
  spansPerBody: number;
  bytesPerBody: number;
  next(): Uint8Array<ArrayBuffer>;
}

/**
 * One body is made by the official SDK and serializer; further ones are copies with fresh trace ids, so that making
 * them costs next to nothing beside what is measured.
 */
export function spanSource(spansPerBody = 512): SpanSource {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'bench',
      'service.version': '1.0.0',
      'service.instance.id': 'bench-1',
      'deployment.environment.name': 'bench',
    }),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('bench', '1.0.0');
  for (let index = 0; index < spansPerBody; index += spansPerTrace) {
    const root = tracer.startSpan('GET /v1/orders/:id', { kind: SpanKind.SERVER, attributes: attributesOf(index) });
    for (let child = 1; child < spansPerTrace && index + child < spansPerBody; child++) {
      const parent = trace.setSpan(context.active(), root);
      tracer
        .startSpan('SELECT orders', { kind: SpanKind.CLIENT, attributes: attributesOf(index + child) }, parent)
        .end();
    }
    root.end();
  }
  const spans = exporter.getFinishedSpans();
  const template = Buffer.from(ProtobufTraceSerializer.serializeRequest(spans) ?? new Uint8Array());
  const places = new Map<string, number[]>();
  for (const traceId of new Set(spans.map((span) => span.spanContext().traceId))) {
    const bytes = Buffer.from(traceId, 'hex');
    const offsets: number[] = [];
    for (let at = template.indexOf(bytes); at >= 0; at = template.indexOf(bytes, at + 16)) offsets.push(at);
    places.set(traceId, offsets);
  }
  const id = Buffer.alloc(16);
  return {
    spansPerBody: spans.length,
    bytesPerBody: template.byteLength,
    next() {
      const body = new Uint8Array(template);
      for (const offsets of places.values()) {
        randomFillSync(id);
        for (const offset of offsets) body.set(id, offset);
      }
      return body;
    },
  };
}

function attributesOf(index: number): Record<string, string | number | boolean> {
  return {
    'http.request.method': 'GET',
    'http.route': `/v1/orders/:id`,
    'http.response.status_code': index % 50 === 0 ? 500 : 200,
    'url.path': `/v1/orders/${index * 7919}`,
    'server.address': '127.0.0.1',
    'server.port': 8080,
    'network.protocol.version': '1.1',
    'user_agent.original': 'quarterdeck-bench/1.0',
    'order.id': `ord-${index * 104_729}`,
    'cache.hit': index % 3 === 0,
  };
}
