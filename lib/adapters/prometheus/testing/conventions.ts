import { growing, type HistorySeries, histogramSeries } from './history.ts';

/** One service as each convention shows it in the field: 10 requests/s, a tenth of them failed, p50 in the first bucket. */
export interface ConventionFixture {
  id: string;
  service: string;
  series: HistorySeries[];
  route?: string;
  /** Upper bound of what p95 may be, in seconds. */
  p95Seconds: [number, number] | null;
}

const good = 9;
const bad = 1;

/** 90 % within the first bound, the rest within the second. */
const shape = (first: string, second: string, perSecond: number) => ({
  bounds: { [first]: 0.9, [second]: 1 },
  perSecond,
});

function histogram(
  name: string,
  base: Record<string, string>,
  status: string,
  codes: [string, string],
  bounds: [string, string],
) {
  return [
    ...histogramSeries(name, { ...base, [status]: codes[0] }, shape(...bounds, good)),
    ...histogramSeries(name, { ...base, [status]: codes[1] }, shape(...bounds, bad)),
  ];
}

const counters = (
  name: string,
  base: Record<string, string>,
  ok: Record<string, string>,
  failed: Record<string, string>,
) => [
  { name, labels: { ...base, ...ok }, value: growing(good) },
  { name, labels: { ...base, ...failed }, value: growing(bad) },
];

const seconds: [string, string] = ['0.1', '0.5'];
const milliseconds: [string, string] = ['100', '500'];
const within: [number, number] = [0.1, 0.5];

const otel = (service: string) => ({ job: `shop/${service}`, instance: '10.0.0.7:9464' });
const istio = (service: string) => ({
  reporter: 'destination',
  destination_canonical_service: service,
  destination_service_name: service,
  destination_service_namespace: 'shop',
  source_canonical_service: 'gateway',
  request_protocol: 'http',
  job: 'envoy-stats',
  pod: `${service}-6d9f-x`,
});

export const fixtures: ConventionFixture[] = [
  {
    id: 'otel-http',
    service: 'cart',
    route: '/cart/{id}',
    series: histogram(
      'http_server_request_duration_seconds',
      { ...otel('cart'), service_name: 'cart', http_request_method: 'GET', http_route: '/cart/{id}' },
      'http_response_status_code',
      ['200', '503'],
      seconds,
    ),
    p95Seconds: within,
  },
  {
    id: 'otel-http-old',
    service: 'quote',
    route: '/getquote',
    series: histogram(
      'http_server_duration_milliseconds',
      { ...otel('quote'), http_method: 'POST', http_route: '/getquote', http_scheme: 'http', net_host_port: '8080' },
      'http_status_code',
      ['200', '500'],
      milliseconds,
    ),
    p95Seconds: within,
  },
  {
    id: 'otel-rpc',
    service: 'shipping',
    series: histogram(
      'rpc_server_call_duration_seconds',
      { ...otel('shipping'), rpc_method: 'shop.Shipping/Ship', rpc_system_name: 'grpc' },
      'rpc_response_status_code',
      ['OK', 'UNAVAILABLE'],
      seconds,
    ),
    p95Seconds: within,
  },
  {
    id: 'otel-rpc-old',
    service: 'currency',
    series: histogram(
      'rpc_server_duration_milliseconds',
      { ...otel('currency'), rpc_system: 'grpc', rpc_service: 'oteldemo.CurrencyService', rpc_method: 'Convert' },
      'rpc_grpc_status_code',
      ['0', '13'],
      milliseconds,
    ),
    p95Seconds: within,
  },
  {
    id: 'grpc-otel',
    service: 'ads',
    series: histogram(
      'grpc_server_call_duration_seconds',
      { ...otel('ads'), grpc_method: 'ads.Ads/Get' },
      'grpc_status',
      ['OK', 'INTERNAL'],
      seconds,
    ),
    p95Seconds: within,
  },
  {
    id: 'go-grpc',
    service: 'ledger',
    series: [
      ...counters(
        'grpc_server_handled_total',
        { job: 'ledger', instance: 'l:1', grpc_service: 'bank.Ledger', grpc_method: 'Post', grpc_type: 'unary' },
        { grpc_code: 'OK' },
        { grpc_code: 'Internal' },
      ),
      ...histogramSeries(
        'grpc_server_handling_seconds',
        { job: 'ledger', instance: 'l:1', grpc_service: 'bank.Ledger', grpc_method: 'Post', grpc_type: 'unary' },
        shape(...seconds, 10),
      ),
    ],
    p95Seconds: within,
  },
  {
    id: 'micrometer',
    service: 'risk',
    series: histogram(
      'http_server_requests_seconds',
      { job: 'risk', instance: 'r:8080', uri: '/score', method: 'POST', outcome: 'ANY', exception: 'None' },
      'status',
      ['200', '500'],
      seconds,
    ),
    p95Seconds: within,
  },
  {
    id: 'express-prom-bundle',
    service: 'web',
    series: histogram(
      'http_request_duration_seconds',
      { job: 'web', instance: 'w:3000', method: 'GET', path: '/' },
      'status_code',
      ['200', '502'],
      seconds,
    ),
    p95Seconds: within,
  },
  {
    id: 'spanmetrics',
    service: 'frontend',
    series: [
      ...counters(
        'traces_span_metrics_calls_total',
        { service_name: 'frontend', span_name: 'GET /', span_kind: 'SPAN_KIND_SERVER', job: 'otelcol' },
        { status_code: 'STATUS_CODE_UNSET' },
        { status_code: 'STATUS_CODE_ERROR' },
      ),
      // Its own calls to others are not requests to it.
      {
        name: 'traces_span_metrics_calls_total',
        labels: {
          service_name: 'frontend',
          span_name: 'call',
          span_kind: 'SPAN_KIND_CLIENT',
          status_code: 'STATUS_CODE_UNSET',
        },
        value: growing(1_000),
      },
      ...histogramSeries(
        'traces_span_metrics_duration_milliseconds',
        { service_name: 'frontend', span_name: 'GET /', span_kind: 'SPAN_KIND_SERVER', job: 'otelcol' },
        shape(...milliseconds, 10),
      ),
    ],
    p95Seconds: within,
  },
  {
    id: 'tempo',
    service: 'checkout',
    series: [
      ...counters(
        'traces_spanmetrics_calls_total',
        { service: 'checkout', span_name: 'Place', span_kind: 'SPAN_KIND_SERVER' },
        { status_code: 'STATUS_CODE_OK' },
        { status_code: 'STATUS_CODE_ERROR' },
      ),
      ...histogramSeries(
        'traces_spanmetrics_latency',
        { service: 'checkout', span_name: 'Place', span_kind: 'SPAN_KIND_SERVER' },
        shape(...seconds, 10),
      ),
    ],
    p95Seconds: within,
  },
  {
    id: 'istio',
    service: 'reviews',
    series: [
      ...counters(
        'istio_requests_total',
        istio('reviews'),
        { response_code: '200', grpc_response_status: '' },
        { response_code: '200', grpc_response_status: '14' },
      ),
      {
        name: 'istio_requests_total',
        labels: { ...istio('reviews'), reporter: 'source', response_code: '200' },
        value: growing(10),
      },
      ...histogramSeries('istio_request_duration_milliseconds', istio('reviews'), shape(...milliseconds, 10)),
    ],
    p95Seconds: within,
  },
  {
    id: 'linkerd',
    service: 'emoji',
    series: [
      ...counters(
        'response_total',
        { deployment: 'emoji', namespace: 'shop', direction: 'inbound', job: 'linkerd-proxy' },
        { classification: 'success', status_code: '200' },
        { classification: 'failure', status_code: '500' },
      ),
      {
        name: 'response_total',
        labels: { deployment: 'emoji', dst_deployment: 'voting', direction: 'outbound', classification: 'success' },
        value: growing(50),
      },
      ...histogramSeries(
        'response_latency_ms',
        { deployment: 'emoji', namespace: 'shop', direction: 'inbound', job: 'linkerd-proxy' },
        shape(...milliseconds, 10),
      ),
    ],
    p95Seconds: within,
  },
  {
    id: 'envoy',
    service: 'search',
    series: [
      { name: 'envoy_cluster_upstream_rq_total', labels: { envoy_cluster_name: 'search' }, value: growing(10) },
      ...counters(
        'envoy_cluster_upstream_rq_xx',
        { envoy_cluster_name: 'search' },
        { envoy_response_code_class: '2' },
        { envoy_response_code_class: '5' },
      ),
      ...histogramSeries(
        'envoy_cluster_upstream_rq_time',
        { envoy_cluster_name: 'search' },
        shape(...milliseconds, 10),
      ),
    ],
    p95Seconds: within,
  },
  {
    id: 'ingress-nginx',
    service: 'storefront',
    series: [
      ...counters(
        'nginx_ingress_controller_requests',
        { ingress: 'shop', service: 'storefront', host: 'shop.example', path: '/', method: 'GET', job: 'ingress' },
        { status: '200' },
        { status: '504' },
      ),
      ...histogram(
        'nginx_ingress_controller_request_duration_seconds',
        { ingress: 'shop', service: 'storefront', host: 'shop.example', path: '/', method: 'GET', job: 'ingress' },
        'status',
        ['200', '504'],
        seconds,
      ),
    ],
    p95Seconds: within,
  },
  {
    id: 'traefik',
    service: 'whoami',
    series: [
      ...counters(
        'traefik_service_requests_total',
        { service: 'whoami@docker', method: 'GET', protocol: 'http', job: 'traefik' },
        { code: '200' },
        { code: '500' },
      ),
      ...histogramSeries(
        'traefik_service_request_duration_seconds',
        { service: 'whoami@docker', method: 'GET', protocol: 'http', code: '200', job: 'traefik' },
        shape(...seconds, 10),
      ),
    ],
    p95Seconds: within,
  },
  {
    id: 'coroot',
    service: 'inventory',
    series: [
      ...counters(
        'container_http_requests_total',
        { app_id: '/k8s/shop/inventory', destination: '10.0.0.1:80' },
        { status: '200' },
        { status: '500' },
      ),
      ...histogramSeries(
        'container_http_requests_duration_seconds_total',
        { app_id: '/k8s/shop/inventory', destination: '10.0.0.1:80' },
        shape(...seconds, 10),
      ),
    ],
    p95Seconds: within,
  },
  {
    id: 'http-requests',
    service: 'legacy',
    series: counters(
      'http_requests_total',
      { job: 'legacy', instance: 'x:1', handler: '/' },
      { code: '200' },
      { code: '500' },
    ),
    p95Seconds: null,
  },
];
