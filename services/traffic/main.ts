import { Counter } from 'prom-client';
import { createClient } from '#kit/client/client.ts';
import { staticDiscovery } from '#kit/registry/discovery.ts';
import { runService } from '#kit/run.ts';
import { buildApp } from './app.ts';
import { trafficShape } from './config.ts';
import { type Generator, startGenerator } from './generator.ts';
import { Customer } from './journeys.ts';

await runService({
  shape: trafficShape,
  compose({ config, log, metrics }) {
    // Customers neither know of circuit breakers nor try again: what they meet is what is measured.
    const gateway = createClient({
      service: 'gateway',
      discovery: staticDiscovery({ gateway: [config.GATEWAY_URL] }),
      metrics,
      timeoutMs: config.REQUEST_TIMEOUT_MS,
      attempts: 1,
      breaker: false,
      connectionsPerInstance: 256,
    });
    const orders = new Counter({
      name: 'traffic_orders_total',
      help: 'Orders by the state in which the customer last saw them.',
      labelNames: ['state'],
      registers: [metrics],
    });
    const customer = new Customer({
      gateway,
      apiKey: config.GATEWAY_API_KEY,
      random: Math.random,
      ordered: (state) => orders.inc({ state }),
    });
    let generator: Generator | undefined;
    return {
      build: (readiness) => buildApp({ log, metrics, readiness }),
      start: () => {
        generator = startGenerator({
          rhythm: {
            rate: config.RATE,
            periodSeconds: config.RHYTHM_PERIOD_SECONDS,
            amplitude: config.RHYTHM_AMPLITUDE,
          },
          maxInFlight: config.MAX_IN_FLIGHT,
          metrics,
          log,
          make: (journey) => customer.make(journey),
        });
      },
      stops: [() => generator?.stop(4_000), () => gateway.close()],
    };
  },
});
