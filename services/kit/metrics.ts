import { isSpanContextValid, type Span, TraceFlags } from '@opentelemetry/api';
import { collectDefaultMetrics, type OpenMetricsContentType, Registry } from 'prom-client';

export type Metrics = Registry<OpenMetricsContentType>;

/** Bounds of every duration histogram of the fleet, in seconds; the ones OpenTelemetry advises for HTTP. */
export const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** A registry in OpenMetrics (exemplars need it), with the metrics of the process unless told otherwise. */
export function createMetrics({ process: withProcess = true } = {}): Metrics {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  if (withProcess) collectDefaultMetrics({ register: registry as unknown as Registry });
  return registry;
}

/**
 * The label set of an exemplar, for a span whose trace is kept; without one an exemplar would lead nowhere.
 * prom-client types exemplars by the labels of their metric, which they do not share: hence the loose type.
 */
export function exemplarOf(span: Span | undefined): Record<string, string> | undefined {
  const spanContext = span?.spanContext();
  if (!spanContext || (spanContext.traceFlags & TraceFlags.SAMPLED) === 0 || !isSpanContextValid(spanContext))
    return undefined;
  return { trace_id: spanContext.traceId, span_id: spanContext.spanId };
}

export interface Exposition {
  readonly contentType: string;
  readonly body: string;
}

/** All metrics, as OpenMetrics when `accept` prefers it, else in Prometheus' text format (without exemplars). */
export async function expose(registry: Metrics, accept: string | undefined): Promise<Exposition> {
  const body = await registry.metrics();
  if (prefersOpenMetrics(accept)) return { contentType: Registry.OPENMETRICS_CONTENT_TYPE, body };
  return { contentType: Registry.PROMETHEUS_CONTENT_TYPE, body: toPrometheusText(body) };
}

// prom-client renames counters for good once it has written OpenMetrics, so both formats are made from that one.
function toPrometheusText(openMetrics: string): string {
  return openMetrics
    .replace(/^# HELP (\S+)(.*)\n# TYPE \1 counter$/gm, '# HELP $1_total$2\n# TYPE $1_total counter')
    .replace(/ # \{(?:[a-z_]+="[^"\n]*",?)*\} [0-9.e+-]+ [0-9.]+$/gm, '')
    .replace(/^# EOF\n/m, '');
}

function prefersOpenMetrics(accept: string | undefined): boolean {
  let openMetrics = 0;
  let text = 0;
  for (const part of (accept ?? '').split(',')) {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const weight = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1');
    if (type === 'application/openmetrics-text') openMetrics = Math.max(openMetrics, weight);
    else if (type === 'text/plain' || type === 'text/*') text = Math.max(text, weight);
  }
  return openMetrics > 0 && openMetrics >= text;
}
