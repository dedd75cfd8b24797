import { edgeLabels, spanLabels } from '../decode/facts.ts';
import { bounds, countOf, type Durations } from '../decode/tally.ts';
import type { Series } from './series.ts';

const escapes: Record<string, string> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };
const bucketBounds = [...bounds.map((bound) => String(Number(bound.toPrecision(6)))), '+Inf'];

/** Writes what was derived from spans in the text format of Prometheus, under the names that Tempo gives it. */
export function exposition(edges: Iterable<Series>, spans: Iterable<Series>): string {
  const edgeSeries = [...edges].map((series) => ({ series, labels: labelText(edgeLabels, series.labels) }));
  const spanSeries = [...spans].map((series) => ({ series, labels: labelText(spanLabels, series.labels) }));
  return [
    counter('traces_service_graph_request_total', 'Requests between two services.', edgeSeries, 'requests'),
    counter('traces_service_graph_request_failed_total', 'Those of them that failed.', edgeSeries, 'failed'),
    histogram(
      'traces_service_graph_request_server_seconds',
      'Requests between two services, as the server measured them.',
      edgeSeries,
      'server',
    ),
    histogram(
      'traces_service_graph_request_client_seconds',
      'Requests between two services, as the client measured them.',
      edgeSeries,
      'client',
    ),
    counter('traces_spanmetrics_calls_total', 'Spans.', spanSeries, 'requests'),
    histogram('traces_spanmetrics_latency', 'Durations of spans in seconds.', spanSeries, 'server'),
  ].join('');
}

type Labelled = { series: Series; labels: string }[];

function counter(name: string, help: string, all: Labelled, value: 'requests' | 'failed'): string {
  let text = `# HELP ${name} ${help}\n# TYPE ${name} counter\n`;
  for (const { series, labels } of all) text += `${name}{${labels}} ${series[value]}\n`;
  return text;
}

function histogram(name: string, help: string, all: Labelled, which: 'client' | 'server'): string {
  let text = `# HELP ${name} ${help}\n# TYPE ${name} histogram\n`;
  for (const { series, labels } of all) {
    const durations: Durations = series[which];
    const count = countOf(durations);
    if (count === 0) continue;
    let within = 0;
    for (const [index, bound] of bucketBounds.entries()) {
      within += durations.buckets[index] ?? 0;
      text += `${name}_bucket{${labels},le="${bound}"} ${within}\n`;
    }
    text += `${name}_sum{${labels}} ${durations.sum}\n${name}_count{${labels}} ${count}\n`;
  }
  return text;
}

function labelText(names: readonly string[], values: string[]): string {
  return names
    .map((name, index) => `${name}="${(values[index] ?? '').replace(/[\\"\n]/g, (found) => escapes[found] ?? found)}"`)
    .join();
}
