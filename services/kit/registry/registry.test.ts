import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../log.ts';
import { waitFor } from '../testing/process.ts';
import { startTestRegistry, type TestRegistry } from '../testing/registry.ts';
import { type Discovery, registryDiscovery, staticDiscovery } from './discovery.ts';
import { type Registration, register } from './registration.ts';

let registry: TestRegistry;
let lines: Record<string, unknown>[];
const log = createLogger({ service: 'test', write: (line) => lines.push(JSON.parse(line)) });
const discoveries: Discovery[] = [];
const registrations: Registration[] = [];

beforeEach(async () => {
  lines = [];
  registry = await startTestRegistry();
});
afterEach(async () => {
  for (const discovery of discoveries.splice(0)) discovery.close();
  for (const registration of registrations.splice(0)) await registration.deregister();
  await registry.close();
});

const enter = (instanceId: string, port: number, isReady: () => boolean = () => true) => {
  const registration = register({
    url: registry.url,
    token: registry.token,
    log,
    service: 'product',
    instanceId,
    host: '127.0.0.1',
    port,
    version: '1.0.0',
    isReady,
    heartbeatMs: 20,
  });
  registrations.push(registration);
  return registration;
};
const discover = async () => {
  const discovery = await registryDiscovery({ url: registry.url, token: registry.token, log, refreshMs: 20 });
  discoveries.push(discovery);
  return discovery;
};
const origins = (discovery: Discovery) => discovery.endpoints('product').map((endpoint) => endpoint.origin);

describe('registration', () => {
  it('keeps saying where the instance is and whether it is ready', async () => {
    let ready = false;
    enter('product-1', 4_001, () => ready);
    const seen = () => registry.entries.get('product')?.get('product-1');
    await waitFor(() => seen()?.ready === false, 'a heartbeat that is not ready');
    ready = true;
    await waitFor(() => seen()?.ready === true, 'a heartbeat that is ready');
    expect(seen()).toMatchObject({ host: '127.0.0.1', port: 4_001, version: '1.0.0' });
  });

  it('leaves the list when it is told to', async () => {
    const registration = enter('product-1', 4_001);
    await waitFor(() => registry.entries.get('product')?.size === 1, 'the entry');
    await registration.deregister();
    expect(registry.entries.get('product')?.size).toBe(0);
  });

  it('survives a registry that is away, and says so once', async () => {
    const port = Number(new URL(registry.url).port);
    await registry.close();
    const registration = enter('product-1', 4_001);
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(lines.filter((line) => line.msg === 'the heartbeat did not reach the registry')).toHaveLength(1);
    registry = await startTestRegistry(port);
    await waitFor(() => registry.entries.get('product')?.size === 1, 'the entry');
    await registration.deregister();
  });
});

describe('discovery', () => {
  it('finds ready instances and drops those that are not', async () => {
    let ready = true;
    enter('product-1', 4_001);
    enter('product-2', 4_002, () => ready);
    const discovery = await discover();
    await waitFor(() => origins(discovery).length === 2, 'both instances');
    ready = false;
    await waitFor(() => origins(discovery).length === 1, 'only the ready one');
    expect(origins(discovery)).toEqual(['http://127.0.0.1:4001']);
    expect(discovery.endpoints('unheard-of')).toEqual([]);
  });

  it('keeps the last list while the registry is away', async () => {
    enter('product-1', 4_001);
    const discovery = await discover();
    await waitFor(() => origins(discovery).length === 1, 'the instance');
    await registry.close();
    await waitFor(() => discovery.lastError !== undefined, 'an error');
    expect(origins(discovery)).toEqual(['http://127.0.0.1:4001']);
    expect(discovery.known).toBe(true);
  });

  it('knows nothing as long as it never had a list', async () => {
    await registry.close();
    const discovery = await discover();
    expect([discovery.known, origins(discovery)]).toEqual([false, []]);
    expect(discovery.lastError).toBeDefined();
  });

  it('can be given by addresses', () => {
    const discovery = staticDiscovery({ product: ['http://a:1/', 'http://b:2'], payment: undefined });
    expect(origins(discovery)).toEqual(['http://a:1', 'http://b:2']);
    expect(discovery.endpoints('payment')).toEqual([]);
  });
});
