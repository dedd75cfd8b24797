import type { RegistryHeartbeat } from '#contracts/registry.ts';
import type { Logger } from '../log.ts';
import { registryRequest } from './registry-request.ts';

export interface RegistrationOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly log: Logger;
  readonly service: string;
  readonly instanceId: string;
  readonly host: string;
  readonly port: number;
  readonly version: string;
  readonly isReady: () => boolean;
  readonly heartbeatMs?: number;
}

export interface Registration {
  /** Sends a heartbeat now, for a readiness that has just changed. */
  announce(): Promise<void>;
  /** Ends the heartbeats and takes the instance off the list; does not reject when the registry is away. */
  deregister(): Promise<void>;
}

/** Keeps this instance on the registry's list by a heartbeat every three seconds. */
export function register(options: RegistrationOptions): Registration {
  const { url, token, log, heartbeatMs = 3_000 } = options;
  const path = `/v1/registry/${encodeURIComponent(options.service)}/${encodeURIComponent(options.instanceId)}`;
  let failing = false;
  let stopped = false;

  const announce = async () => {
    if (stopped) return;
    const heartbeat: RegistryHeartbeat = {
      host: options.host,
      port: options.port,
      version: options.version,
      ready: options.isReady(),
    };
    try {
      await registryRequest(url, token, 'PUT', path, heartbeat);
      if (failing) log.info('the registry takes heartbeats again');
      failing = false;
    } catch (error) {
      if (!failing) log.warn({ err: error }, 'the heartbeat did not reach the registry');
      failing = true;
    }
  };

  let timer: NodeJS.Timeout | undefined;
  const beat = async () => {
    await announce();
    if (!stopped) timer = setTimeout(beat, heartbeatMs);
  };
  void beat();

  return {
    announce,
    async deregister() {
      stopped = true;
      clearTimeout(timer);
      try {
        await registryRequest(url, token, 'DELETE', path);
      } catch (error) {
        log.warn({ err: error }, 'the registry could not be told that this instance leaves');
      }
    },
  };
}
