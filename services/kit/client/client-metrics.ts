import { Counter, Gauge, Histogram } from 'prom-client';
import { DURATION_BUCKETS, type Metrics } from '../metrics.ts';

export interface ClientMetrics {
  readonly duration: Histogram;
  readonly retries: Counter;
  readonly retriesDenied: Counter;
  readonly breakerState: Gauge;
  readonly breakerOpens: Counter;
  readonly initialised: Set<string>;
}

/** Lets the series of a called service exist before its first call, so that its first failure is an increase. */
export function initialiseSeries(metrics: ClientMetrics, service: string): void {
  if (metrics.initialised.has(service)) return;
  metrics.initialised.add(service);
  metrics.retries.inc({ peer_service: service }, 0);
  metrics.retriesDenied.inc({ peer_service: service }, 0);
  for (const method of ['GET', 'POST']) {
    for (const failure of ['connect', 'timeout']) metrics.duration.zero(clientLabels(service, method, '', failure));
    for (const status of ['500', '503']) metrics.duration.zero(clientLabels(service, method, status, status));
  }
}

/** Labels of one attempt; `status` is empty when there was no answer, `errorType` when nothing failed. */
export function clientLabels(service: string, method: string, status: string, errorType: string) {
  return {
    peer_service: service,
    http_request_method: method,
    http_response_status_code: status,
    error_type: errorType,
  };
}

const made = new WeakMap<Metrics, ClientMetrics>();

/** The metrics of all clients of a process, made once per registry. */
export function clientMetrics(metrics: Metrics): ClientMetrics {
  const known = made.get(metrics);
  if (known) return known;
  const registers = [metrics];
  const created: ClientMetrics = {
    duration: new Histogram({
      name: 'http_client_request_duration_seconds',
      help: 'Duration of calls to other services as the caller saw them, in seconds; failed connections included.',
      labelNames: ['peer_service', 'http_request_method', 'http_response_status_code', 'error_type'],
      buckets: DURATION_BUCKETS,
      enableExemplars: true,
      registers,
    }),
    retries: new Counter({
      name: 'http_client_retries_total',
      help: 'Calls that were tried once more.',
      labelNames: ['peer_service'],
      registers,
    }),
    retriesDenied: new Counter({
      name: 'http_client_retry_budget_exhausted_total',
      help: 'Retries that the retry budget did not allow.',
      labelNames: ['peer_service'],
      registers,
    }),
    breakerState: new Gauge({
      name: 'http_client_circuit_breaker_state',
      help: 'Whether the circuit breaker of a called service is in this state (1) or not (0).',
      labelNames: ['peer_service', 'state'],
      registers,
    }),
    breakerOpens: new Counter({
      name: 'http_client_circuit_breaker_opens_total',
      help: 'How often the circuit breaker of a called service opened.',
      labelNames: ['peer_service'],
      registers,
    }),
    initialised: new Set(),
  };
  made.set(metrics, created);
  return created;
}
