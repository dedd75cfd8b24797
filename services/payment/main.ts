import { createPool, migrate, postgresDependency } from '#kit/postgres.ts';
import type { Repeating } from '#kit/repeat.ts';
import { runService } from '#kit/run.ts';
import { buildApp } from './app.ts';
import { queueState } from './charge-store.ts';
import { paymentShape } from './config.ts';
import { Incidents } from './incidents.ts';
import { paymentMetrics } from './metrics.ts';
import { simulatedProvider } from './provider.ts';
import { startSettler } from './settler.ts';

await runService({
  shape: paymentShape,
  compose({ config, log, metrics, instanceId }) {
    const pool = createPool({
      url: config.DATABASE_URL,
      schema: 'payment',
      service: config.SERVICE_NAME,
      log,
      metrics,
    });
    const incidents = new Incidents(pool, log);
    const business = paymentMetrics(metrics, {
      queueState: () => queueState(pool),
      activeIncidents: () => incidents.active().map((incident) => incident.kind),
    });
    const provider = simulatedProvider(pool, () => ({
      latencyMs: config.PROVIDER_LATENCY_MS,
      errorRatio: config.PROVIDER_ERROR_RATIO,
      declineRatio: Math.max(config.PROVIDER_DECLINE_RATIO, incidents.find('declines')?.ratio ?? 0),
    }));
    const working: Repeating[] = [];
    let settler: Repeating | undefined;
    return {
      dependencies: [postgresDependency(pool)],
      prepare: () => migrate(pool, 'payment', `${import.meta.dirname}/migrations`, log),
      build: (readiness) =>
        buildApp({
          log,
          metrics,
          readiness,
          pool,
          incidents,
          kick: () => settler?.kick(),
          incidentToken: config.INCIDENT_TOKEN,
          instanceId,
          errorRatio: config.ERROR_RATIO,
          latencyMs: config.LATENCY_MS,
          bodyLimitBytes: config.BODY_LIMIT_BYTES,
        }),
      start: () => {
        settler = startSettler({
          pool,
          provider,
          business,
          log,
          owner: `${instanceId}/${process.pid}`,
          concurrency: config.SETTLE_CONCURRENCY,
          pollMs: config.SETTLE_POLL_MS,
          leaseMs: config.SETTLE_LEASE_MS,
          stalled: () => incidents.find('stall') !== undefined,
        });
        working.push(settler, incidents.follow(1_000));
      },
      stops: [() => Promise.all(working.map((work) => work.stop())).then(() => undefined), () => pool.end()],
    };
  },
});
