// Given to `node --import`, so that clients are instrumented before anything imports them.
import { enableCompileCache } from 'node:module';
import { DiagLogLevel, diag, propagation, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import './context.ts';
import { peerOf } from './client/peer.ts';
import { quietDiagnostics } from './telemetry-diagnostics.ts';
import { setTelemetry } from './telemetry-handle.ts';

enableCompileCache();

const env = process.env;
const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/+$/, '');

diag.setLogger(quietDiagnostics(), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });

const resource = resourceFromAttributes({
  'service.name': env.SERVICE_NAME ?? 'unknown_service',
  'service.version': env.SERVICE_VERSION ?? '0.0.0',
  'service.instance.id': env.SERVICE_INSTANCE_ID ?? `${env.SERVICE_NAME ?? 'unknown'}-${process.pid}`,
  'deployment.environment.name': env.DEPLOYMENT_ENVIRONMENT ?? 'development',
  'process.pid': process.pid,
});

// A receiver that is away costs a bounded queue: what does not fit is dropped, never waited for.
const QUEUE = { maxQueueSize: 4096, maxExportBatchSize: 512, scheduledDelayMillis: 1_000, exportTimeoutMillis: 5_000 };
const exporting = (path: string) => ({ url: `${endpoint}${path}`, timeoutMillis: 4_000, concurrencyLimit: 2 });

const ratio = Number(env.TRACES_SAMPLE_RATIO ?? '1');
const tracers = new TracerProvider({
  resource,
  sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(Number.isFinite(ratio) ? ratio : 1) }),
  spanProcessors: endpoint
    ? [new BatchSpanProcessor({ exporter: new OTLPTraceExporter(exporting('/v1/traces')), ...QUEUE })]
    : [],
});
trace.setGlobalTracerProvider(tracers);
propagation.setGlobalPropagator(new W3CTraceContextPropagator());

const loggers = new LoggerProvider({
  resource,
  processors: endpoint
    ? [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter(exporting('/v1/logs')), ...QUEUE })]
    : [],
});
if (endpoint) logs.setGlobalLoggerProvider(loggers);

registerInstrumentations({
  tracerProvider: tracers,
  instrumentations: [
    new UndiciInstrumentation({
      requireParentforSpans: true,
      startSpanHook: () => peerOf(),
    }),
    new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true }),
    new IORedisInstrumentation({ requireParentSpan: true }),
  ],
});

setTelemetry({
  async shutdown(timeoutMs) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([Promise.allSettled([tracers.shutdown(), loggers.shutdown()]), late]);
    clearTimeout(timer);
  },
});
