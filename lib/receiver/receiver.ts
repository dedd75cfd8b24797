import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type Logger, log } from '#lib/core/log.ts';
import { watchAvailability } from './availability.ts';
import { createBudget } from './budget.ts';
import type { ReceiverConfig } from './config.ts';
import { startDecoder } from './decoder.ts';
import { createDerived } from './derived/derived.ts';
import { receiverMetrics } from './metrics.ts';
import { startRetention } from './retention.ts';
import { startSampling } from './sampling/sampling.ts';
import { createReceiverServer } from './server.ts';
import { openStore } from './store.ts';
import { createWriter } from './writer.ts';

const longestDrainMs = 8_000;

export interface Receiver {
  url: string;
  /** Takes nothing new, finishes what is in flight (8 s at most), and lets go of everything. */
  close(): Promise<void>;
}

/** Starts the receiver. It listens also while Postgres is away and answers 503 until it is back. */
export async function startReceiver(config: ReceiverConfig, logger: Logger = log()): Promise<Receiver> {
  const metrics = receiverMetrics();
  const store = openStore(config.databaseUrl, (error) => availability.report(error));
  const retention = startRetention(store, config, metrics, logger);
  const availability = watchAvailability({
    async check() {
      await store.ping();
      store.forgetPartitions();
      await retention.prepare();
      await sampling.recover();
    },
    onChange(down) {
      metrics.databaseUp.set(down ? 0 : 1);
      if (down) logger.warn({ reason: down.reason }, 'Postgres does not take telemetry');
      else logger.info('Postgres takes telemetry');
    },
  });
  const writer = createWriter(store, metrics, availability.report);
  const sampling = startSampling(config, { store, writer, metrics, logger });
  const backlog = createBudget(config.maxQueueBytes, () => decoder.wake());
  const decoder = startDecoder({ hasRoom: () => backlog.usedBytes() < config.maxQueueBytes / 2 });
  const derived = createDerived(metrics);
  let draining = false;
  const server = createReceiverServer({
    budget: createBudget(config.maxQueueBytes, (bytes) => metrics.queueBytes.set(bytes)),
    backlog,
    decoder,
    writer,
    availability,
    retention,
    derived,
    sampling,
    metrics,
    maxBodyBytes: config.maxBodyBytes,
    slowMs: config.slowMs,
    token: config.token,
    draining: () => draining,
    onFailure: (error) => logger.error({ err: error }, 'a request failed'),
  });
  server.listen(config.port, config.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;

  return {
    url: `http://${host}:${port}`,
    async close() {
      draining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), longestDrainMs);
      const idle = setInterval(() => server.closeIdleConnections(), 100);
      await closed;
      clearTimeout(cut);
      clearInterval(idle);
      sampling.stop();
      await writer.idle();
      availability.stop();
      retention.stop();
      derived.stop();
      await decoder.close();
      await store.close();
    },
  };
}
