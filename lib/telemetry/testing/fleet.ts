import { growing, type HistorySeries, histogramSeries } from '#lib/adapters/prometheus/testing/history.ts';

interface Replica {
  service: string;
  environment: string;
  version: string;
  id: string;
}

const labelsOf = ({ service, environment, version, id }: Replica) => ({
  job: service,
  service_name: service,
  service_version: version,
  service_instance_id: id,
  deployment_environment_name: environment,
  instance: `127.0.0.1:${4_000 + id.charCodeAt(id.length - 1)}`,
});

/** 90 % of requests within 50 ms, 9 % within 100 ms, the rest within 500 ms. */
const bounds = { '0.01': 0, '0.05': 0.9, '0.1': 0.99, '0.5': 1 };

function server(replica: Replica, perSecond: Record<string, number>, sinceMs = 0): HistorySeries[] {
  return Object.entries(perSecond)
    .flatMap(([key, rate]) => {
      const [status = '', method = '', route = ''] = key.split(' ');
      const labels = { ...labelsOf(replica), http_request_method: method, http_route: route };
      const withStatus = { ...labels, http_response_status_code: status };
      return histogramSeries('http_server_request_duration_seconds', withStatus, { bounds, perSecond: rate });
    })
    .map((series) => ({ ...series, value: (atMs) => (atMs < sinceMs ? null : series.value(atMs)) }));
}

function caller(replica: Replica, peer: string, status: string, perSecond: number): HistorySeries[] {
  const labels = {
    ...labelsOf(replica),
    peer_service: peer,
    http_request_method: 'POST',
    http_response_status_code: status,
  };
  return histogramSeries('http_client_request_duration_seconds', labels, { bounds, perSecond });
}

const gauge = (name: string, labels: Record<string, string>, value: number): HistorySeries => ({
  name,
  labels,
  value: () => value,
});

function process(replica: Replica, startedAtMs: number, isUp = 1): HistorySeries[] {
  const labels = labelsOf(replica);
  if (!isUp) return [gauge('up', labels, 0)];
  return [
    gauge('up', labels, 1),
    gauge('process_start_time_seconds', labels, startedAtMs / 1_000),
    gauge('process_resident_memory_bytes', labels, 104_857_600),
    gauge('nodejs_eventloop_lag_p99_seconds', labels, 0.012),
    gauge('http_server_active_requests', labels, 3),
    { name: 'process_cpu_seconds_total', labels, value: growing(0.25) },
  ];
}

function supervised(
  service: string,
  environment: string,
  desired: number,
  replicas: Record<string, number>,
): HistorySeries[] {
  const own = { job: 'supervisor', instance: '127.0.0.1:9', deployment_environment_name: environment };
  const labels = { ...own, service_name: service };
  return [
    gauge('quarterdeck_workload_desired_replicas', labels, desired),
    ...Object.entries(replicas).map(([id, isUp]) =>
      gauge('quarterdeck_replica_up', { ...labels, service_instance_id: id }, isUp),
    ),
    ...Object.keys(replicas).map((id) => ({
      name: 'quarterdeck_replica_restarts_total',
      labels: { ...labels, service_instance_id: id },
      value: () => 0,
    })),
  ];
}

/**
 * A shop in two environments. In production: order (10/s on two replicas, a tenth of it 500, some 404), payment (new
 * this week), catalog (nobody asks), ledger (dead, its callers fail), a replica of order down. In staging: order alone,
 * at 1/s and well.
 */
export function shop(nowMs: number): HistorySeries[] {
  const production = (service: string, id: string, version = '1.4.0'): Replica => ({
    service,
    environment: 'production',
    version,
    id,
  });
  const started = nowMs - 7_200_000;
  const [order1, order2, order3] = ['order-1', 'order-2', 'order-3'].map((id) => production('order', id)) as [
    Replica,
    Replica,
    Replica,
  ];
  const payment = production('payment', 'payment-1', '4.2.0');
  const idle = production('catalog', 'catalog-1');
  const staging: Replica = { service: 'order', environment: 'staging', version: '1.5.0-rc', id: 'order-s1' };
  const load = {
    '200 GET /orders/{id}': 3,
    '500 POST /orders': 0.5,
    '201 POST /orders': 1,
    '404 GET /orders/{id}': 0.5,
  };
  return [
    ...server(order1, load),
    ...server(order2, load),
    ...server(payment, { '202 POST /charges': 4 }, nowMs - 3 * 86_400_000),
    ...server(idle, { '200 GET /products': 0 }),
    ...server(staging, { '200 GET /orders/{id}': 1 }),
    ...process(order1, started),
    ...process(order2, started),
    ...process(order3, started, 0),
    ...process(payment, started),
    ...process(idle, started),
    ...process(staging, started),
    ...caller(order1, 'payment', '202', 4),
    ...caller(order1, 'ledger', '', 2),
    ...caller(staging, 'payment', '202', 0.5),
    ...supervised('order', 'production', 3, { 'order-1': 1, 'order-2': 1, 'order-3': 0 }),
    ...supervised('ledger', 'production', 1, { 'ledger-1': 0 }),
    gauge('order_queue_depth', labelsOf(order1), 17),
  ];
}
