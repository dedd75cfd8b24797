import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const routes = ['/items', '/items/:id', '/orders'];

/** How a service answers: so many requests each second, of which so many fail; most within 100 ms. */
function counters(service: number, route: number, seconds: number) {
  const perSecond = 1 + ((service * 7 + route * 3) % 40);
  const total = Math.floor(perSecond * seconds);
  const failed = Math.floor(total * (service % 25 === 0 ? 0.05 : 0.0005));
  return { ok: total - failed, failed };
}

function histogram(labels: string, count: number, service: number): string {
  const typical = 0.01 * (1 + (service % 12));
  const within = (bound: number) => Math.floor(count * (1 - Math.exp(-bound / typical)));
  const buckets = bounds.map((le) => `http_server_request_duration_seconds_bucket{${labels},le="${le}"} ${within(le)}`);
  buckets.push(`http_server_request_duration_seconds_bucket{${labels},le="+Inf"} ${count}`);
  buckets.push(`http_server_request_duration_seconds_sum{${labels}} ${(count * typical).toFixed(3)}`);
  buckets.push(`http_server_request_duration_seconds_count{${labels}} ${count}`);
  return buckets.join('\n');
}

export interface Exporter {
  address: string;
  close(): Promise<void>;
}

/** Serves the metrics of `services` generated services, growing with time as real counters do. */
export async function startExporter(services: number): Promise<Exporter> {
  const began = Date.now() - 3_600_000;
  const server = createServer((_request, response) => {
    const seconds = (Date.now() - began) / 1_000;
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.write('# TYPE http_server_request_duration_seconds histogram\n');
    for (let service = 0; service < services; service++) {
      const name = `service-${String(service).padStart(3, '0')}`;
      const common = `service_name="${name}",job="${name}",service_version="1.0.0",service_instance_id="${name}-1",deployment_environment_name="bench",http_request_method="GET"`;
      for (const [index, route] of routes.entries()) {
        const { ok, failed } = counters(service, index, seconds);
        const labels = (status: number) => `${common},http_route="${route}",http_response_status_code="${status}"`;
        response.write(`${histogram(labels(200), ok, service)}\n${histogram(labels(500), failed, service)}\n`);
      }
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
