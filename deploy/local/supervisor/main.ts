import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { releaseAllPorts } from '../ports.ts';
import { dismissGuardian } from '../process/guardian.ts';
import { clearLeftovers, recordChildren } from '../process/leftovers.ts';
import { supervisorRoutes } from './api.ts';
import { readSupervisorConfig } from './config.ts';
import { createFleet } from './fleet.ts';
import { createHandler } from './http.ts';
import { createMetrics } from './metrics.ts';
import { createPartBoard } from './parts.ts';
import { createRegistry } from './registry.ts';

const log = pino({ name: 'supervisor' });
const file = process.argv[2];
if (!file) {
  log.fatal('usage: node deploy/local/supervisor/main.ts CONFIG.json (tokens in the environment)');
  process.exit(2);
}
const config = readSupervisorConfig(file);
const processes = `${config.stateFile}.processes`;
await clearLeftovers(processes, () => log.info('waiting for the replicas of the last start to end'));
recordChildren(processes);
let address = '';
const fleet = createFleet({
  config,
  registryUrl: () => address,
  log: (message, fields) => log.info(fields, message),
});
const handler = createHandler(
  supervisorRoutes({
    config,
    fleet,
    registry: createRegistry(),
    parts: createPartBoard(),
    metrics: createMetrics(fleet),
    startedAt: new Date(),
  }),
  config.tokens,
  (error) => log.error({ err: error }, 'a request failed'),
);
const server = createServer((request, response) => void handler(request, response));
server.keepAliveTimeout = 30_000;
await new Promise<void>((resolve, reject) => {
  server.once('error', reject);
  server.listen(config.port, '127.0.0.1', resolve);
});
address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
log.info({ address }, 'supervisor listens');
await fleet.start();

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, async () => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'supervisor stops');
    await fleet.stop();
    server.closeAllConnections();
    server.close();
    releaseAllPorts();
    await dismissGuardian();
    process.exit(0);
  });
}
