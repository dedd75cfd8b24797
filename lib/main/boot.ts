import diagnostics from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { issueSetUpToken, selectInstall } from '#lib/auth/index.ts';
import { ConfigError, config } from '#lib/core/config.ts';
import { log } from '#lib/core/log.ts';
import { once } from '#lib/core/registry.ts';
import { db, isUnavailable, listener } from '#lib/db/index.ts';
import { peerHeader } from '#lib/http/index.ts';
import { streamHub } from './stream.ts';

const retryMs = 2_000;

/** Starts what the web process needs once: checks, the peer's address, streams that end on SIGTERM. */
export function boot(): void {
  once('boot', () => {
    try {
      config();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      process.stderr.write(`${error.message}\n`);
      process.exit(1);
    }
    notePeers();
    process.once('SIGTERM', closeStreams);
    process.once('SIGINT', closeStreams);
    void checkInstall();
    return true;
  });
}

function closeStreams(): void {
  streamHub().close();
  void listener().close();
}

/** Next hides the connection from route handlers; the address of the peer travels as a header that no client can set. */
function notePeers(): void {
  diagnostics.subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    request.headers[peerHeader] = request.socket.remoteAddress ?? '';
  });
}

/** Refuses a database with demo accounts outside the demo, and prints the set-up token of a new install. */
async function checkInstall(): Promise<void> {
  try {
    const install = await selectInstall(db());
    if (install.demo && !config().QD_DEMO) {
      process.stderr.write('This database holds demo accounts. Use it with `npm run demo`, or give an empty one.\n');
      process.exit(1);
    }
    const token = await issueSetUpToken();
    if (token) log().warn(`Set up Quarterdeck at ${config().QD_PUBLIC_URL}/setup with the token ${token}`);
  } catch (error) {
    if (!isUnavailable(error))
      log().error({ err: error }, 'the install could not be checked: is the database migrated?');
    setTimeout(() => void checkInstall(), retryMs).unref();
  }
}
