import type { Matcher } from './promql.ts';

/** A label that names the service; `pattern` takes the name out of a longer value by its first group. */
export interface ServiceLabel {
  label: string;
  pattern?: string;
}

/**
 * How one kind of instrumentation counts requests. The whole discovery map is the list below; what a name needs to
 * be recognised is written here and nowhere else.
 */
export interface Convention {
  id: string;
  title: string;
  /** Where the requests are measured: in the service, or at who calls it. */
  side: 'server' | 'caller';
  /** The histogram's name without `_bucket`, and what one of its units is in seconds. */
  duration?: { metric: string; secondsPerUnit: number };
  /** The counter of requests; by default the histogram's `_count`. */
  requests?: string;
  /** The counter that carries the status, where it is another one. */
  requestsByStatus?: string;
  service: ServiceLabel[];
  route: string[];
  method?: string;
  status: string;
  /** Each list selects failed requests; a request that any of them selects has failed. */
  errors: Matcher[][];
  /** Narrows every query, e.g. to one side of a mesh. */
  only?: Matcher[];
}

const own: ServiceLabel[] = [{ label: 'service_name' }, { label: 'job', pattern: '(?:.+/)?([^/]+)' }];
/** Failures that are the server's, by name and number (OpenTelemetry, RPC span status of servers). */
const grpcFailures = 'UNKNOWN|DEADLINE_EXCEEDED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS|2|4|12|13|14|15';
const grpcFailureNumbers = '2|4|12|13|14|15';
const http5xx = (label: string): Matcher[][] => [[[label, '=~', '5..']]];

const spanMetrics = (
  id: string,
  calls: string,
  duration: string,
  secondsPerUnit: number,
  service: ServiceLabel[],
): Convention => ({
  id,
  title: 'Span metrics',
  side: 'server',
  requests: calls,
  duration: { metric: duration, secondsPerUnit },
  service,
  route: ['span_name'],
  status: 'status_code',
  errors: [[['status_code', '=', 'STATUS_CODE_ERROR']]],
  only: [['span_kind', '=', 'SPAN_KIND_SERVER']],
});

const tempoService: ServiceLabel[] = [{ label: 'service_name' }, { label: 'service' }];

/** In order of precedence: a service that two of them measure is read from the first. */
export const conventions: readonly Convention[] = [
  {
    id: 'otel-http',
    title: 'OpenTelemetry HTTP',
    side: 'server',
    duration: { metric: 'http_server_request_duration_seconds', secondsPerUnit: 1 },
    service: own,
    route: ['http_route'],
    method: 'http_request_method',
    status: 'http_response_status_code',
    errors: http5xx('http_response_status_code'),
  },
  {
    id: 'otel-http-old',
    title: 'OpenTelemetry HTTP (before 1.23)',
    side: 'server',
    duration: { metric: 'http_server_duration_milliseconds', secondsPerUnit: 0.001 },
    service: own,
    route: ['http_route'],
    method: 'http_method',
    status: 'http_status_code',
    errors: http5xx('http_status_code'),
  },
  {
    id: 'otel-rpc',
    title: 'OpenTelemetry RPC',
    side: 'server',
    duration: { metric: 'rpc_server_call_duration_seconds', secondsPerUnit: 1 },
    service: own,
    route: ['rpc_method'],
    status: 'rpc_response_status_code',
    errors: [[['rpc_response_status_code', '=~', grpcFailures]]],
  },
  {
    id: 'otel-rpc-old',
    title: 'OpenTelemetry RPC (before 1.38)',
    side: 'server',
    duration: { metric: 'rpc_server_duration_milliseconds', secondsPerUnit: 0.001 },
    service: own,
    route: ['rpc_service', 'rpc_method'],
    status: 'rpc_grpc_status_code',
    errors: [[['rpc_grpc_status_code', '=~', grpcFailureNumbers]]],
  },
  {
    id: 'grpc-otel',
    title: 'gRPC with OpenTelemetry',
    side: 'server',
    duration: { metric: 'grpc_server_call_duration_seconds', secondsPerUnit: 1 },
    service: own,
    route: ['grpc_method'],
    status: 'grpc_status',
    errors: [[['grpc_status', '=~', grpcFailures]]],
  },
  {
    id: 'go-grpc',
    title: 'go-grpc-prometheus',
    side: 'server',
    requests: 'grpc_server_handled_total',
    duration: { metric: 'grpc_server_handling_seconds', secondsPerUnit: 1 },
    service: own,
    route: ['grpc_service', 'grpc_method'],
    status: 'grpc_code',
    errors: [[['grpc_code', '=~', 'Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss']]],
  },
  {
    id: 'micrometer',
    title: 'Micrometer',
    side: 'server',
    duration: { metric: 'http_server_requests_seconds', secondsPerUnit: 1 },
    service: [...own, { label: 'application' }],
    route: ['uri'],
    method: 'method',
    status: 'status',
    errors: http5xx('status'),
  },
  {
    id: 'express-prom-bundle',
    title: 'HTTP request duration',
    side: 'server',
    duration: { metric: 'http_request_duration_seconds', secondsPerUnit: 1 },
    service: own,
    route: ['route', 'path', 'handler'],
    method: 'method',
    status: 'status_code',
    errors: [[['status_code', '=~', '5..']], [['code', '=~', '5..']], [['status', '=~', '5..']]],
  },
  spanMetrics(
    'spanmetrics',
    'traces_span_metrics_calls_total',
    'traces_span_metrics_duration_milliseconds',
    0.001,
    own,
  ),
  spanMetrics('spanmetrics-s', 'traces_span_metrics_calls_total', 'traces_span_metrics_duration_seconds', 1, own),
  spanMetrics('spanmetrics-bare', 'calls_total', 'duration_milliseconds', 0.001, own),
  spanMetrics('spanmetrics-bare-s', 'calls_total', 'duration_seconds', 1, own),
  spanMetrics('tempo', 'traces_spanmetrics_calls_total', 'traces_spanmetrics_latency', 1, tempoService),
  {
    id: 'istio',
    title: 'Istio, at the destination',
    side: 'server',
    requests: 'istio_requests_total',
    duration: { metric: 'istio_request_duration_milliseconds', secondsPerUnit: 0.001 },
    service: [{ label: 'destination_canonical_service' }, { label: 'destination_service_name' }],
    route: [],
    status: 'response_code',
    errors: [[['response_code', '=~', '5..']], [['grpc_response_status', '=~', grpcFailureNumbers]]],
    only: [['reporter', '=', 'destination']],
  },
  {
    id: 'linkerd',
    title: 'Linkerd, inbound',
    side: 'server',
    requests: 'response_total',
    duration: { metric: 'response_latency_ms', secondsPerUnit: 0.001 },
    service: [{ label: 'deployment' }],
    route: [],
    status: 'status_code',
    errors: [[['classification', '=', 'failure']]],
    only: [['direction', '=', 'inbound']],
  },
  {
    id: 'coroot',
    title: 'Coroot agent',
    side: 'server',
    requests: 'container_http_requests_total',
    duration: { metric: 'container_http_requests_duration_seconds_total', secondsPerUnit: 1 },
    service: [{ label: 'app_id', pattern: '(?:.*/)?([^/]+)' }],
    route: [],
    status: 'status',
    errors: http5xx('status'),
  },
  {
    id: 'envoy',
    title: 'Envoy, upstream clusters',
    side: 'server',
    requests: 'envoy_cluster_upstream_rq_total',
    requestsByStatus: 'envoy_cluster_upstream_rq_xx',
    duration: { metric: 'envoy_cluster_upstream_rq_time', secondsPerUnit: 0.001 },
    service: [{ label: 'envoy_cluster_name' }],
    route: [],
    status: 'envoy_response_code_class',
    errors: [[['envoy_response_code_class', '=', '5']]],
  },
  {
    id: 'ingress-nginx',
    title: 'ingress-nginx',
    side: 'server',
    requests: 'nginx_ingress_controller_requests',
    duration: { metric: 'nginx_ingress_controller_request_duration_seconds', secondsPerUnit: 1 },
    service: [{ label: 'exported_service' }, { label: 'service' }],
    route: ['path'],
    method: 'method',
    status: 'status',
    errors: http5xx('status'),
  },
  {
    id: 'traefik',
    title: 'Traefik',
    side: 'server',
    requests: 'traefik_service_requests_total',
    duration: { metric: 'traefik_service_request_duration_seconds', secondsPerUnit: 1 },
    service: [
      { label: 'exported_service', pattern: '([^@]+)(?:@.*)?' },
      { label: 'service', pattern: '([^@]+)(?:@.*)?' },
    ],
    route: [],
    method: 'method',
    status: 'code',
    errors: http5xx('code'),
  },
  {
    id: 'http-requests',
    title: 'HTTP request counter',
    side: 'server',
    requests: 'http_requests_total',
    service: own,
    route: ['route', 'path', 'handler'],
    method: 'method',
    status: 'code',
    errors: [[['code', '=~', '5..']], [['status', '=~', '5..']], [['status_code', '=~', '5..']]],
  },
  {
    id: 'otel-http-client',
    title: 'OpenTelemetry HTTP, at the caller',
    side: 'caller',
    duration: { metric: 'http_client_request_duration_seconds', secondsPerUnit: 1 },
    service: [{ label: 'peer_service' }],
    route: [],
    method: 'http_request_method',
    status: 'http_response_status_code',
    // Without a status there was no answer at all.
    errors: [[['http_response_status_code', '=~', '5..|']]],
    only: [['peer_service', '!=', '']],
  },
  {
    id: 'istio-source',
    title: 'Istio, at the caller',
    side: 'caller',
    requests: 'istio_requests_total',
    duration: { metric: 'istio_request_duration_milliseconds', secondsPerUnit: 0.001 },
    service: [{ label: 'destination_canonical_service' }, { label: 'destination_service_name' }],
    route: [],
    status: 'response_code',
    errors: [[['response_code', '=~', '5..|0']], [['grpc_response_status', '=~', grpcFailureNumbers]]],
    only: [['reporter', '=', 'source']],
  },
  {
    id: 'linkerd-outbound',
    title: 'Linkerd, outbound',
    side: 'caller',
    requests: 'response_total',
    duration: { metric: 'response_latency_ms', secondsPerUnit: 0.001 },
    service: [{ label: 'dst_deployment' }],
    route: [],
    status: 'status_code',
    errors: [[['classification', '=', 'failure']]],
    only: [
      ['direction', '=', 'outbound'],
      ['dst_deployment', '!=', ''],
    ],
  },
];

/** A convention as one engine has it: the names that exist there. */
export interface RedSource extends Convention {
  counter: string;
  statusCounter: string;
  /** The classic histogram's buckets, or `null`. */
  buckets: string | null;
  /** A native histogram has no `_bucket` and no `_count`: everything is read from its one name. */
  native: string | null;
}

/** Names beside the conventions' that tell how many replicas run, of which version. */
export const workloadMetrics = [
  'up',
  'target_info',
  'quarterdeck_workload_desired_replicas',
  'quarterdeck_workload_ready_replicas',
  'quarterdeck_replica_up',
  'quarterdeck_replica_restarts_total',
  'kube_deployment_spec_replicas',
  'kube_deployment_status_replicas_ready',
] as const;
export type WorkloadMetric = (typeof workloadMetrics)[number];

/** Every name that a convention counts under, without the endings of histograms. */
export const conventionMetrics: ReadonlySet<string> = new Set(
  conventions.flatMap(({ duration, requests, requestsByStatus }) =>
    [duration?.metric, requests, requestsByStatus].filter((name) => name !== undefined),
  ),
);

/** Every name that discovery looks for; one query asks for all of them. */
export function candidateNames(): string[] {
  const names = conventions.flatMap(({ duration, requests, requestsByStatus }) => [
    ...(duration ? [duration.metric, `${duration.metric}_count`, `${duration.metric}_bucket`] : []),
    ...(requests ? [requests] : []),
    ...(requestsByStatus ? [requestsByStatus] : []),
  ]);
  return [...new Set([...names, ...workloadMetrics])].sort();
}

/** The conventions that these metric names are of, in order of precedence. */
export function recognise(names: ReadonlySet<string>): RedSource[] {
  const seen = new Set<string>();
  return conventions.flatMap((convention): RedSource[] => {
    const { duration, requests, requestsByStatus } = convention;
    const base = duration?.metric;
    const buckets = base && names.has(`${base}_bucket`) ? `${base}_bucket` : null;
    const native = base && !buckets && names.has(base) && !names.has(`${base}_count`) ? base : null;
    const counter = requests ?? `${base}_count`;
    if (!names.has(counter) && !(native && !requests)) return [];
    // One counter with its durations under two names: the variant without durations adds nothing.
    const key = `${convention.side}|${counter}|${JSON.stringify(convention.only ?? [])}`;
    if (requests && duration && !buckets && !native) {
      const other = conventions.some(
        (o) =>
          o !== convention &&
          o.requests === requests &&
          o.side === convention.side &&
          o.duration &&
          names.has(`${o.duration.metric}_bucket`),
      );
      if (other || seen.has(key)) return [];
    }
    seen.add(key);
    const statusCounter = requestsByStatus && names.has(requestsByStatus) ? requestsByStatus : counter;
    return [{ ...convention, counter, statusCounter, buckets, native }];
  });
}

/**
 * One source for one service: the first by precedence that sees traffic, else the first that knows the service, so
 * that what a mesh and the application both count is not counted twice.
 */
export function pickSource<T extends { rate: number }>(found: ReadonlyMap<string, T>): [id: string, figures: T] | null {
  let first: [string, T] | null = null;
  for (const { id } of conventions) {
    const figures = found.get(id);
    if (!figures) continue;
    if (figures.rate > 0) return [id, figures];
    first ??= [id, figures];
  }
  return first;
}
