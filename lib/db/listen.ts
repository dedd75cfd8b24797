import pg from 'pg';
import { config } from '#lib/core/config.ts';
import { log } from '#lib/core/log.ts';
import { once } from '#lib/core/registry.ts';
import { type Change, channel, parseChange } from './notify.ts';

const longestPauseMs = 5_000;

export interface Listener {
  /** Whether the connection stands now; while it does not, changes may be missed. */
  connected(): boolean;
  /** Calls back for each change, and with `null` when the connection stands (again) and anything may have changed. */
  subscribe(onChange: (change: Change | null) => void): () => void;
  close(): Promise<void>;
}

/**
 * Listens on a connection of its own, comes back with back-off, and notices within `heartbeatMs` a connection that
 * died silently.
 */
export function createListener(databaseUrl: string, { heartbeatMs = 10_000 } = {}): Listener {
  const subscribers = new Set<(change: Change | null) => void>();
  let connected = false;
  let closed = false;
  let failures = 0;
  let reopening: NodeJS.Timeout | undefined;
  let hangUp: () => Promise<void> = async () => {};

  const tell = (change: Change | null) => {
    for (const subscriber of [...subscribers]) {
      try {
        subscriber(change);
      } catch (error) {
        log().error({ err: error }, 'a change could not be passed on');
      }
    }
  };

  /** One connection, from its beginning to its end. Whatever happens to it afterwards does not touch the next one. */
  function open(): void {
    const client = new pg.Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: 3_000,
      query_timeout: 5_000,
      keepAlive: true,
      application_name: 'quarterdeck-listener',
    });
    let over = false;
    let beating: NodeJS.Timeout | undefined;

    const end = async () => {
      over = true;
      connected = false;
      clearTimeout(beating);
      client.removeAllListeners('notification');
      await client.end().catch((error: Error) => log().debug({ err: error.message }, 'listener did not close'));
    };
    const fail = (error?: Error) => {
      if (over) return;
      void end();
      if (closed) return;
      const pauseMs = Math.min(longestPauseMs, 200 * 2 ** failures++);
      log().warn({ err: error?.message, pauseMs }, 'Postgres does not tell what changes; trying again');
      reopening = setTimeout(open, pauseMs);
    };
    const beat = () => {
      client.query('select 1').then(() => {
        if (!over) beating = setTimeout(beat, heartbeatMs);
      }, fail);
    };

    hangUp = end;
    client.on('error', fail);
    client.on('end', fail);
    client.on('notification', ({ payload }) => {
      const change = parseChange(payload);
      if (change) tell(change);
    });
    client
      .connect()
      .then(() => client.query(`listen ${channel}`))
      .then(() => {
        if (over) return;
        connected = true;
        failures = 0;
        beating = setTimeout(beat, heartbeatMs);
        tell(null);
      })
      .catch(fail);
  }

  open();
  return {
    connected: () => connected,
    subscribe(onChange) {
      subscribers.add(onChange);
      return () => subscribers.delete(onChange);
    },
    async close() {
      closed = true;
      clearTimeout(reopening);
      subscribers.clear();
      await hangUp();
    },
  };
}

/** The process's listener. */
export function listener(): Listener {
  return once('listener', () => createListener(config().DATABASE_DIRECT_URL ?? config().DATABASE_URL));
}
