import type { Readiness } from './health.ts';
import type { Logger } from './log.ts';
import type { Registration } from './registry/registration.ts';
import type { Server } from './server.ts';
import { telemetry } from './telemetry-handle.ts';

/** The longest that a drain takes; what is unfinished then is cut off. */
export const DRAIN_LIMIT_MS = 9_500;

export interface LifecycleOptions {
  readonly app: Pick<Server, 'close' | 'server'>;
  readonly log: Logger;
  readonly readiness: Readiness;
  readonly registration: Registration | undefined;
  /** How long requests are still taken after leaving the registry, for callers whose list is a little old. */
  readonly delayMs: number;
  /** What is stopped after the last request, in order: workers, clients, pools. */
  readonly stops: readonly (() => Promise<void> | void)[];
  readonly exit?: (code: number) => void;
  readonly limitMs?: number;
}

/**
 * A function that drains once: not ready and off the registry at once, then finishes what is in flight, stops what
 * `stops` names, sends the telemetry and exits with 0, or with 1 when all that took longer than the limit.
 */
export function createDrain(options: LifecycleOptions): (signal: string) => Promise<void> {
  const { app, log, readiness, registration, exit = process.exit, limitMs = DRAIN_LIMIT_MS } = options;
  let draining: Promise<void> | undefined;

  const drain = async (signal: string) => {
    log.info({ signal }, 'draining');
    const limit = setTimeout(() => {
      log.error(`the drain took longer than ${limitMs} ms, what was in flight is cut off`);
      exit(1);
    }, limitMs);
    limit.unref();
    readiness.drain();
    await registration?.deregister();
    if (registration) await new Promise((resolve) => setTimeout(resolve, options.delayMs));
    // A connection whose last answer was under way becomes idle only later, and would be kept alive.
    const idle = setInterval(() => app.server.closeIdleConnections(), 50);
    await app.close();
    clearInterval(idle);
    for (const stop of options.stops) {
      try {
        await stop();
      } catch (error) {
        log.error({ err: error }, 'a part did not stop as it should');
      }
    }
    log.info('drained');
    await telemetry()?.shutdown(1_500);
    clearTimeout(limit);
    exit(0);
  };

  return (signal) => {
    draining ??= drain(signal);
    return draining;
  };
}

/** Drains on SIGTERM and SIGINT; an error that nothing caught is logged before the process ends with 1. */
export function handleSignals(drain: (signal: string) => Promise<void>, log: Logger): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void drain(signal));
  const die = (kind: string) => (error: unknown) => {
    log.fatal({ err: error }, kind);
    void Promise.resolve(telemetry()?.shutdown(500)).finally(() => process.exit(1));
  };
  process.on('uncaughtException', die('an exception was not caught'));
  process.on('unhandledRejection', die('a rejection was not handled'));
}
