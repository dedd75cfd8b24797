import type * as z from 'zod';
import { registryListSchema } from '#contracts/registry.ts';
import type { Logger } from '../log.ts';
import type { Endpoint } from './balancer.ts';
import { registryRequest } from './registry-request.ts';

/** Who can be called at the moment. */
export interface Discovery {
  /** Ready instances of a service; empty when there is none or nothing is known. */
  endpoints(service: string): readonly Endpoint[];
  /** Whether a list has ever been had. */
  readonly known: boolean;
  /** Why the last refresh failed, or undefined. */
  readonly lastError: string | undefined;
  close(): void;
}

/** Addresses that are given by the environment, such as `PRODUCT_URL=http://a:1,http://b:2`. */
export function staticDiscovery(addresses: Readonly<Record<string, readonly string[] | undefined>>): Discovery {
  const endpoints = new Map(
    Object.entries(addresses).map(([service, urls]) => [
      service,
      (urls ?? []).map((url) => ({ instanceId: url, origin: new URL(url).origin })),
    ]),
  );
  return {
    endpoints: (service) => endpoints.get(service) ?? [],
    known: true,
    lastError: undefined,
    close() {},
  };
}

export interface RegistryOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly log: Logger;
  readonly refreshMs?: number;
}

/**
 * The registry's list, refreshed every two seconds. While the registry is away the last list stays in use: calls find
 * out by themselves which instances are gone.
 */
export async function registryDiscovery(options: RegistryOptions): Promise<Discovery> {
  const { url, token, log, refreshMs = 2_000 } = options;
  let services = new Map<string, readonly Endpoint[]>();
  let known = false;
  let lastError: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const refresh = async () => {
    try {
      const list = registryListSchema.parse(await registryRequest(url, token, 'GET', '/v1/registry'));
      services = new Map(Object.entries(list.services).map(([service, instances]) => [service, readyOnes(instances)]));
      if (lastError !== undefined) log.info('the registry answers again');
      known = true;
      lastError = undefined;
    } catch (error) {
      const message = (error as Error).message;
      if (lastError === undefined) log.warn({ err: error }, 'the registry cannot be read, the last known list is used');
      lastError = message;
    }
    if (!closed) timer = setTimeout(refresh, refreshMs * (0.9 + Math.random() * 0.2));
  };
  await refresh();

  return {
    endpoints: (service) => services.get(service) ?? [],
    get known() {
      return known;
    },
    get lastError() {
      return lastError;
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

function readyOnes(instances: z.infer<typeof registryListSchema>['services'][string]): Endpoint[] {
  return instances
    .filter((instance) => instance.ready)
    .map(({ instanceId, host, port }) => ({
      instanceId,
      origin: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    }));
}
