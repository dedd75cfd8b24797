import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type AnyValueMap, logs, SeverityNumber } from '@opentelemetry/api-logs';
import pino, { type Logger } from 'pino';
import { currentRequest } from './context.ts';
import { createMasker } from './mask.ts';

export type { Logger } from 'pino';

export interface LogOptions {
  readonly level?: string;
  readonly service: string;
  readonly version?: string;
  readonly instance?: string;
  readonly environment?: string;
  /** Values that must never appear in a line, whatever their key. */
  readonly secrets?: readonly string[];
  /** Where lines go; standard output when absent. */
  readonly write?: (line: string) => void;
}

const SEVERITY: Readonly<Record<string, SeverityNumber>> = {
  trace: SeverityNumber.TRACE,
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
};

/**
 * A logger that writes one JSON object per line, with the ids of the trace and of the request that is being served,
 * masked as a whole; each line goes to OpenTelemetry's logs too when telemetry is set up.
 */
export function createLogger(options: LogOptions): Logger {
  const mask = createMasker(options.secrets);
  const write = options.write ?? standardOutput();
  const otel = logs.getLogger('pino');
  const stream = {
    write(line: string): void {
      const record = mask(JSON.parse(line) as Record<string, unknown>);
      write(`${JSON.stringify(record)}\n`);
      const {
        time,
        level,
        msg,
        trace_id: _trace,
        span_id: _span,
        service: _s,
        version: _v,
        instance: _i,
        environment: _e,
        ...rest
      } = record;
      otel.emit({
        timestamp: Date.parse(String(time)),
        severityText: String(level),
        severityNumber: SEVERITY[String(level)] ?? SeverityNumber.UNSPECIFIED,
        body: typeof msg === 'string' ? msg : '',
        attributes: rest as AnyValueMap,
      });
    },
  };
  return pino(
    {
      level: options.level ?? 'info',
      base: {
        service: options.service,
        version: options.version,
        instance: options.instance,
        environment: options.environment,
      },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: identify,
    },
    stream,
  );
}

function identify(): Record<string, string> {
  const ids: Record<string, string> = {};
  const span = trace.getActiveSpan()?.spanContext();
  if (span && isSpanContextValid(span)) {
    ids.trace_id = span.traceId;
    ids.span_id = span.spanId;
  }
  const request = currentRequest();
  if (request) ids.correlation_id = request.correlationId;
  return ids;
}

function standardOutput(): (line: string) => void {
  const destination = pino.destination({ fd: 1, sync: false, minLength: 0 });
  process.on('exit', () => {
    try {
      destination.flushSync();
    } catch {
      // Nothing was ever written, or the reader has gone.
    }
  });
  return (line) => {
    destination.write(line);
  };
}
