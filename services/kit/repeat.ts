import type { Logger } from './log.ts';

export interface Repeating {
  /** Runs the work now if it is waiting; what arrives meanwhile is not waited for. */
  kick(): void;
  /** Ends it after the run that is going on. */
  stop(): Promise<void>;
}

/**
 * Runs `work` over and over with a pause between runs; a run that returns true found more to do and is followed by the
 * next at once. An error is logged once until a run succeeds again, and the pause grows up to tenfold.
 */
export function repeat(name: string, everyMs: number, log: Logger, work: () => Promise<unknown>): Repeating {
  let stopped = false;
  let wake: (() => void) | undefined;
  let kicked = false;
  let failures = 0;

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const loop = async () => {
    while (!stopped) {
      kicked = false;
      let more = false;
      try {
        more = (await work()) === true;
        if (failures > 0) log.info(`${name} works again`);
        failures = 0;
      } catch (error) {
        if (failures === 0) log.error({ err: error }, `${name} failed, it is tried again`);
        failures += 1;
      }
      if (stopped || more || kicked) continue;
      await pause(everyMs * Math.min(10, 1 + failures) * (0.9 + Math.random() * 0.2));
    }
  };
  const done = loop();

  return {
    kick() {
      kicked = true;
      wake?.();
    },
    async stop() {
      stopped = true;
      wake?.();
      await done;
    },
  };
}
