import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createTestDatabase, withoutPostgres } from './testing/database.ts';
import { type ServiceProcess, startService, waitFor } from './testing/process.ts';
import { answerJson, startUpstream, type Upstream } from './testing/upstream.ts';

const KEY = 'test-key-0123456789';
let receiver: Server | undefined;
let product: Upstream | undefined;
let gateway: ServiceProcess | undefined;

afterEach(async () => {
  if (gateway?.child.exitCode === null) await gateway.end();
  await product?.close();
  receiver?.closeAllConnections();
  await new Promise<void>((resolve) => (receiver ? receiver.close(() => resolve()) : resolve()));
  receiver = undefined;
});

const startGateway = async (otlpUrl: string) => {
  product = await startUpstream((response) => answerJson(response, 200, { items: [], nextCursor: null }));
  gateway = await startService('gateway', {
    GATEWAY_API_KEYS: `test:${KEY}`,
    PRODUCT_URL: product.origin,
    ORDER_URL: product.origin,
    PAYMENT_URL: product.origin,
    OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20otlp-token-1234',
    SERVICE_VERSION: '9.8.7',
    SERVICE_INSTANCE_ID: 'gateway-test',
    DEPLOYMENT_ENVIRONMENT: 'production',
  });
  return gateway;
};
const read = (url: string) => fetch(`${url}/api/products?limit=5`, { headers: { 'x-api-key': KEY } });

const startReceiver = async () => {
  const received: { url: string; type: string; authorization: unknown; body: string }[] = [];
  receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('latin1');
    const { authorization } = request.headers;
    received.push({ url: request.url ?? '', type: String(request.headers['content-type']), authorization, body });
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
  await new Promise<void>((resolve) => receiver?.listen(0, '127.0.0.1', resolve));
  return { received, url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}` };
};

it('exports spans and logs as OTLP protobuf with the identity of the instance, and hands the trace on', async () => {
  const { received, url: otlpUrl } = await startReceiver();
  const { url, end, lines } = await startGateway(otlpUrl);

  expect((await read(url)).status).toBe(200);
  expect(await end()).toBe(0);

  const traces = received.filter((each) => each.url === '/v1/traces');
  expect(traces[0]?.type).toBe('application/x-protobuf');
  expect(received.every((each) => each.authorization === 'Bearer otlp-token-1234')).toBe(true);
  const bytes = traces.map((each) => each.body).join('');
  for (const text of [
    'service.name',
    'gateway',
    '9.8.7',
    'gateway-test',
    'deployment.environment.name',
    'production',
  ]) {
    expect(bytes).toContain(text);
  }
  expect(bytes).toContain('GET /api/products');
  expect(bytes).toContain('peer.service');
  const access = lines.find((line) => line.route === '/api/products');
  expect(product?.requests[0]?.headers.traceparent).toContain(String(access?.trace_id));
  const logs = received
    .filter((each) => each.url === '/v1/logs')
    .map((each) => each.body)
    .join('');
  expect(logs).toContain('GET /api/products 200');
});

it('serves and ends as ever while the receiver is away', async () => {
  const { url, end, errors } = await startGateway('http://127.0.0.1:1');
  for (let count = 0; count < 50; count++) expect((await read(url)).status).toBe(200);
  await waitFor(() => errors.join('').includes('telemetry'), 'the complaint');
  const startedAtMs = performance.now();
  expect(await end()).toBe(0);
  expect(performance.now() - startedAtMs).toBeLessThan(5_000);
  expect(errors.join('').split('\n').filter(Boolean)).toHaveLength(1);
});

it.skipIf(withoutPostgres)('has a span for each query that a request makes, and none for background work', async () => {
  const { received, url: otlpUrl } = await startReceiver();
  const database = await createTestDatabase(['product']);
  try {
    const env = { DATABASE_URL: database.urlFor('product'), OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl };
    const service = await startService('product', { ...env, SWEEP_INTERVAL_MS: '50' });
    const spans = () =>
      received
        .filter((each) => each.url === '/v1/traces')
        .map((each) => each.body)
        .join('');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(spans()).toBe('');
    expect((await fetch(`${service.url}/products?limit=3`)).status).toBe(200);
    expect(await service.end()).toBe(0);
    expect(spans()).toContain('postgresql');
    expect(spans()).toContain('FROM products');
  } finally {
    await database.drop();
  }
});
