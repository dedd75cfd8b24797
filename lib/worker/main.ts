import { createServer } from 'node:http';
import { ConfigError, config } from '#lib/core/config.ts';
import { log } from '#lib/core/log.ts';
import { metrics } from '#lib/core/metrics.ts';
import { db, disconnect } from '#lib/db/index.ts';
import { jobs } from '#lib/main/jobs.ts';
import { runJobs } from './run-jobs.ts';

process.env.QD_PROCESS ??= 'quarterdeck-worker';
if (process.env.DATABASE_WORKER_URL) process.env.DATABASE_URL = process.env.DATABASE_WORKER_URL;

try {
  config();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

const stop = new AbortController();
const server = createServer((request, response) => {
  const { registry } = metrics();
  if (request.url === '/healthz') response.end('ok');
  else if (request.url === '/metrics') {
    registry.metrics().then(
      (text) => response.setHeader('content-type', registry.contentType).end(text),
      () => response.writeHead(500).end(),
    );
  } else response.writeHead(404).end();
});
server.on('error', (error) => {
  process.stderr.write(`The worker cannot serve /metrics: ${error.message}. Set PORT to a free one, or to 0.\n`);
  process.exit(1);
});
server.listen(Number(process.env.PORT || 0), process.env.HOST || '127.0.0.1', () => {
  log().info({ address: server.address(), jobs: jobs.map(({ name }) => name) }, 'worker is up');
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
await runJobs(jobs, db(), stop.signal);
server.close();
await disconnect();
