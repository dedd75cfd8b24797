import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RegistryHeartbeat, RegistryList } from '#contracts/registry.ts';

export interface TestRegistry {
  readonly url: string;
  readonly token: string;
  readonly entries: Map<string, Map<string, RegistryHeartbeat & { seenAtMs: number }>>;
  close(): Promise<void>;
}

const TTL_MS = 10_000;

/** A registry with the same HTTP API as the real one, for tests; `port` lets it come back where it was. */
export async function startTestRegistry(port = 0): Promise<TestRegistry> {
  const token = 'test-registry-token';
  const entries: TestRegistry['entries'] = new Map();
  const server = createServer(async (request, response) => {
    const [, version, area, service, instanceId] = (request.url ?? '').split('/').map(decodeURIComponent);
    const answer = (status: number, body?: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    };
    if (request.headers.authorization !== `Bearer ${token}`) return answer(401);
    if (version !== 'v1' || area !== 'registry') return answer(404);
    if (request.method === 'GET') return answer(200, listOf(entries));
    const instances = entries.get(service ?? '') ?? new Map();
    entries.set(service ?? '', instances);
    if (request.method === 'DELETE') instances.delete(instanceId);
    if (request.method === 'PUT') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const heartbeat = JSON.parse(Buffer.concat(chunks).toString('utf8')) as RegistryHeartbeat;
      instances.set(instanceId, { ...heartbeat, seenAtMs: performance.now() });
    }
    answer(204);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    entries,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listOf(entries: TestRegistry['entries']): RegistryList {
  const now = performance.now();
  return {
    services: Object.fromEntries(
      [...entries].map(([service, instances]) => [
        service,
        [...instances]
          .filter(([, instance]) => now - instance.seenAtMs < TTL_MS)
          .map(([instanceId, { seenAtMs: _, ...instance }]) => ({ instanceId, ...instance })),
      ]),
    ),
  };
}
