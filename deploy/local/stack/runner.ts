import { type BackoffState, nextBackoff } from '../process/backoff.ts';
import { describeExit } from '../process/child.ts';
import type { PartReport } from '../supervisor/parts.ts';
import { partLine, withoutSecrets } from './console-line.ts';
import type { Part, Started } from './part.ts';
import type { Stack } from './stack.ts';

export type Runner = {
  /** Brings up every part, those that do not need each other at once. Throws at the first that cannot be had. */
  start(): Promise<void>;
  /** Ends what runs, the last started first. */
  stop(): Promise<void>;
  reports(): PartReport[];
};

const patienceMs = 2_500;

type Status = {
  part: Part;
  state: PartReport['state'];
  started?: Started;
  restarts: number;
  lastError: string | null;
  since: Date;
  backoff: BackoffState;
};

const stateOf = { running: 'running', external: 'external', absent: 'absent', done: 'running' } as const;

/** Starts, watches and stops the parts of a stack. `onChange` is called whenever the state of one changes. */
export function createRunner(parts: readonly Part[], stack: Stack, onChange: () => void): Runner {
  const statuses = new Map<string, Status>(
    parts.map((part) => [
      part.name,
      { part, state: 'stopped', restarts: 0, lastError: null, since: new Date(), backoff: { failures: 0 } },
    ]),
  );
  const order: Status[] = [];
  let stopping = false;
  let wake: (() => void)[] = [];

  function enter(status: Status, state: PartReport['state']): void {
    status.state = state;
    status.since = new Date();
    onChange();
  }

  async function bringUp(status: Status): Promise<void> {
    const { part } = status;
    enter(status, 'starting');
    const began = performance.now();
    const patience = part.patience;
    const timer = patience
      ? setTimeout(() => stack.say(`  ${part.title.padEnd(16)}${patience}`), patienceMs)
      : undefined;
    try {
      const started = await part.start(stack);
      status.started = started;
      if (!order.includes(status)) order.push(status);
      if (stopping) {
        if (started.kind === 'running') await started.child.stop();
        return;
      }
      enter(status, stateOf[started.kind]);
      stack.say(
        partLine({
          title: part.title,
          version: started.version,
          origin: started.origin,
          address: started.address && withoutSecrets(started.address),
          tookMs: performance.now() - began,
        }),
      );
      if (started.kind === 'running') void watch(status, started);
    } catch (error) {
      status.lastError = (error as Error).message;
      enter(status, 'failed');
      throw new Error(`${part.title} could not be started. ${(error as Error).message}`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  async function pause(waitMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      wake.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async function watch(status: Status, started: Started & { kind: 'running' }): Promise<void> {
    const exit = await started.child.exited;
    if (stopping) return;
    // Whoever was killed had no time for last words.
    const said = exit.signal ? undefined : started.child.lastLines().filter(Boolean).at(-1)?.slice(0, 200);
    let why = `${status.part.title} ${describeExit(exit)}${said ? `; last line: ${said}` : ''}`;
    let ranMs = Date.now() - started.child.startedAt.getTime();
    for (;;) {
      const next = nextBackoff(status.backoff, ranMs);
      status.backoff = next.state;
      status.lastError = why;
      enter(status, next.crashLoop ? 'failed' : 'restarting');
      stack.say(`${why}. It is started again in ${(next.waitMs / 1000).toFixed(1)} s.`);
      await pause(next.waitMs);
      if (stopping) return;
      try {
        status.restarts += 1;
        await bringUp(status);
        return;
      } catch (error) {
        if (stopping) return;
        why = (error as Error).message;
        ranMs = 0;
      }
    }
  }

  return {
    start: async () => {
      const pending = new Map<string, Promise<void>>();
      const launch = (part: Part): Promise<void> => {
        const known = pending.get(part.name);
        if (known) return known;
        const promise = (async () => {
          await Promise.all(
            part.after.map((name) => {
              const needed = parts.find((one) => one.name === name);
              return needed ? launch(needed) : undefined;
            }),
          );
          if (stopping) throw new Error('it is being stopped');
          await bringUp(statuses.get(part.name) as Status);
        })();
        pending.set(part.name, promise);
        return promise;
      };
      await Promise.all(parts.map(launch));
    },
    stop: async () => {
      stopping = true;
      for (const one of wake) one();
      wake = [];
      for (const status of [...order].reverse()) {
        if (status.started?.kind === 'running') await status.started.child.stop();
        status.state = 'stopped';
      }
    },
    reports: () =>
      [...statuses.values()].map(({ part, state, started, restarts, lastError, since }) => ({
        name: part.name,
        title: part.title,
        state,
        version: started?.version ?? null,
        origin: started?.origin ?? null,
        address: started?.address ? withoutSecrets(started.address) : null,
        pid: started?.kind === 'running' && started.child.running() ? started.child.pid : null,
        restarts,
        lastError,
        since: since.toISOString(),
      })),
  };
}
