import { createClient } from '#kit/client/client.ts';
import { createPool, migrate, postgresDependency } from '#kit/postgres.ts';
import type { Repeating } from '#kit/repeat.ts';
import { runService } from '#kit/run.ts';
import { buildApp } from './app.ts';
import { orderShape } from './config.ts';
import { orderMetrics } from './metrics.ts';
import { countOpen } from './order-store.ts';
import { paymentsOf } from './payments.ts';
import { startRecovery } from './recovery.ts';
import { Saga } from './saga.ts';
import { stockOf } from './stock.ts';

await runService({
  shape: orderShape,
  calls: ['product', 'payment'],
  compose({ config, log, metrics, discovery, instanceId }) {
    const pool = createPool({ url: config.DATABASE_URL, schema: 'order', service: config.SERVICE_NAME, log, metrics });
    const product = createClient({ service: 'product', discovery, metrics, timeoutMs: 1_500, attempts: 3 });
    const payment = createClient({ service: 'payment', discovery, metrics, timeoutMs: 1_500, attempts: 2 });
    const business = orderMetrics(metrics, () => countOpen(pool));
    const owner = `${instanceId}/${process.pid}`;
    const leaseMs = config.LEASE_MS;
    const saga = new Saga({
      pool,
      stock: stockOf(product),
      payments: paymentsOf(payment),
      business,
      owner,
      chargeGiveUpMs: config.CHARGE_GIVE_UP_MS,
    });
    let recovery: Repeating | undefined;
    return {
      dependencies: [
        postgresDependency(pool),
        { name: 'product', optional: true, check: () => requireInstance('product') },
        { name: 'payment', optional: true, check: () => requireInstance('payment') },
      ],
      prepare: () => migrate(pool, 'order', `${import.meta.dirname}/migrations`, log),
      build: (readiness) =>
        buildApp({
          log,
          metrics,
          readiness,
          pool,
          saga,
          business,
          owner,
          leaseMs,
          abandonMs: config.ABANDON_MS,
          bodyLimitBytes: config.BODY_LIMIT_BYTES,
        }),
      start: () => {
        recovery = startRecovery({ pool, saga, log, owner, leaseMs, pollMs: config.RECOVERY_POLL_MS });
      },
      stops: [() => recovery?.stop(), () => product.close(), () => payment.close(), () => pool.end()],
    };

    function requireInstance(service: string): void {
      if (discovery.endpoints(service).length === 0) throw new Error(`no instance of ${service} is ready`);
    }
  },
});
