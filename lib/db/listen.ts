import pg from 'pg';
import { config } from '#lib/core/config.ts';
import { log } from '#lib/core/log.ts';
import { once } from '#lib/core/registry.ts';
import { type Change, channel } from './notify.ts';

const heartbeatMs = 10_000;
const longestPauseMs = 5_000;

export interface Listener {
  /** Whether the connection stands now; while it does not, changes may be missed. */
  connected(): boolean;
  /** Calls back for each change, and with `null` when the connection came back and anything may have changed. */
  subscribe(onChange: (change: Change | null) => void): () => void;
  close(): Promise<void>;
}

/** Listens on a connection of its own, comes back with back-off, and notices a connection that died silently. */
export function createListener(databaseUrl: string): Listener {
  const subscribers = new Set<(change: Change | null) => void>();
  let client: pg.Client | null = null;
  let connected = false;
  let closed = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;

  const tell = (change: Change | null) => {
    for (const subscriber of subscribers) subscriber(change);
  };

  const retry = () => {
    if (closed) return;
    connected = false;
    client?.removeAllListeners();
    client?.on('error', () => {});
    client?.end().catch((error: Error) => log().debug({ err: error.message }, 'listener did not close'));
    client = null;
    clearTimeout(timer);
    timer = setTimeout(open, Math.min(longestPauseMs, 200 * 2 ** failures++));
  };

  const beat = async () => {
    try {
      await client?.query('select 1');
      timer = setTimeout(beat, heartbeatMs);
    } catch {
      retry();
    }
  };

  const open = async () => {
    const next = new pg.Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: 3_000,
      query_timeout: 5_000,
      keepAlive: true,
    });
    client = next;
    next.on('error', retry);
    next.on('end', retry);
    next.on('notification', ({ payload }) => {
      if (payload) tell(JSON.parse(payload) as Change);
    });
    try {
      await next.connect();
      await next.query(`listen ${channel}`);
      connected = true;
      const again = failures > 0;
      failures = 0;
      if (again) tell(null);
      timer = setTimeout(beat, heartbeatMs);
    } catch (error) {
      log().warn({ err: (error as Error).message }, 'cannot listen to Postgres');
      retry();
    }
  };

  void open();
  return {
    connected: () => connected,
    subscribe(onChange) {
      subscribers.add(onChange);
      return () => subscribers.delete(onChange);
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      client?.removeAllListeners();
      await client?.end().catch((error: Error) => log().debug({ err: error.message }, 'listener did not close'));
    },
  };
}

/** The process's listener. */
export function listener(): Listener {
  return once('listener', () => createListener(config().DATABASE_DIRECT_URL ?? config().DATABASE_URL));
}
