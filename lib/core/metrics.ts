import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { once } from './registry.ts';

const buckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** The process's own metrics, as `/metrics` shows them. Durations in seconds. */
export function metrics() {
  return once('metrics', () => {
    const registry = new Registry();
    registry.setDefaultLabels({ service_name: process.env.QD_PROCESS ?? 'quarterdeck' });
    collectDefaultMetrics({ register: registry });
    const registers = [registry];
    return {
      registry,
      requests: new Histogram({
        name: 'http_server_request_duration_seconds',
        help: 'Requests to the console by route and status.',
        labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
        buckets,
        registers,
      }),
      upstream: new Histogram({
        name: 'quarterdeck_upstream_query_duration_seconds',
        help: 'Queries to sources, by source, kind and outcome.',
        labelNames: ['source', 'kind', 'outcome'],
        buckets,
        registers,
      }),
      cache: new Counter({
        name: 'quarterdeck_cache_requests_total',
        help: 'Answers by cache and whether they were hit, shared with a query in flight, or missed.',
        labelNames: ['cache', 'result'],
        registers,
      }),
      jobDuration: new Histogram({
        name: 'quarterdeck_job_duration_seconds',
        help: 'Runs of background jobs by outcome.',
        labelNames: ['job', 'outcome'],
        buckets,
        registers,
      }),
      jobLag: new Gauge({
        name: 'quarterdeck_job_lag_seconds',
        help: 'How much later than due a job last started.',
        labelNames: ['job'],
        registers,
      }),
      streamClients: new Gauge({
        name: 'quarterdeck_stream_clients',
        help: 'Browsers on the event stream.',
        registers,
      }),
    };
  });
}
