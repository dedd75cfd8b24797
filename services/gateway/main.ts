import { createClient } from '#kit/client/client.ts';
import { runService } from '#kit/run.ts';
import { buildApp } from './app.ts';
import { gatewayShape } from './config.ts';
import { ReadCache } from './read-cache.ts';

const SERVICES = ['product', 'order', 'payment'] as const;

await runService({
  shape: gatewayShape,
  calls: SERVICES,
  compose({ config, log, metrics, discovery }) {
    const client = (service: string, attempts: number) =>
      createClient({ service, discovery, metrics, timeoutMs: config.UPSTREAM_TIMEOUT_MS, attempts });
    const product = client('product', 3);
    const order = client('order', 2);
    const payment = client('payment', 3);
    return {
      dependencies: [
        { name: 'registry', check: requireList },
        ...SERVICES.map((service) => ({ name: service, optional: true, check: () => requireInstance(service) })),
      ],
      build: (readiness) =>
        buildApp({
          log,
          metrics,
          readiness,
          product,
          order,
          payment,
          cache: new ReadCache({ metrics, ttlMs: config.CACHE_TTL_MS, maxEntries: config.CACHE_MAX_ENTRIES }),
          apiKeys: config.GATEWAY_API_KEYS,
          rateLimitPerSecond: config.RATE_LIMIT_PER_SECOND,
          bodyLimitBytes: config.BODY_LIMIT_BYTES,
        }),
      stops: [() => product.close(), () => order.close(), () => payment.close()],
    };

    // A registry that went away after a list was had is survived; without any list nobody can be called.
    function requireList(): void {
      if (!discovery.known) throw new Error(discovery.lastError ?? 'no list of instances yet');
    }

    function requireInstance(service: string): void {
      if (discovery.endpoints(service).length === 0) throw new Error(`no instance of ${service} is ready`);
    }
  },
});
