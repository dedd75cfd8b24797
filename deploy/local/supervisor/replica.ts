import { type BackoffState, nextBackoff } from '../process/backoff.ts';
import { type Child, describeExit, startChild } from '../process/child.ts';
import { sleep } from '../process/signal.ts';
import { httpTrouble } from '../process/until-http.ts';
import type { WorkloadSpec } from './config.ts';

export type ReplicaState = 'starting' | 'ready' | 'draining' | 'stopped' | 'crashed' | 'backoff';

export type ReplicaView = {
  id: string;
  pid: number | null;
  port: number | null;
  state: ReplicaState;
  restarts: number;
  startedAt: string | null;
  version: string;
  /** Why it is not ready, or how it ended last, in words. */
  detail: string | null;
};

export type Replica = {
  id: string;
  /** Rises with each replica that the supervisor makes: the newest has the highest. */
  serial: number;
  view(): ReplicaView;
  running(): boolean;
  start(): void;
  kill(): void;
  drain(): Promise<void>;
  untilReady(timeoutMs: number): Promise<boolean>;
};

export type ReplicaContext = {
  spec: WorkloadSpec;
  environment: string;
  id: string;
  serial: number;
  logFile: string;
  registryUrl: () => string;
  registryToken: string;
  takePort: (replicaId: string, previous: number | undefined) => Promise<number>;
  givePort: (port: number) => void;
  onRestart: (replicaId: string) => void;
  restarts: () => number;
  log: (message: string, fields: Record<string, unknown>) => void;
};

const probeEveryMs = { starting: 100, ready: 1_000 } as const;

/** One place of a workload in which a process runs; the process is started again, with back-off, when it dies. */
export function createReplica(context: ReplicaContext): Replica {
  const { spec, id } = context;
  let state: ReplicaState = 'stopped';
  let child: Child | undefined;
  let port: number | undefined;
  let detail: string | null = null;
  let wanted = false;
  let loop: Promise<void> | undefined;
  let backoff: BackoffState = { failures: 0 };
  let wake: () => void = () => {};

  const environmentOf = (at: number): Record<string, string | undefined> => ({
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    TZ: 'UTC',
    NODE_ENV: 'production',
    ...spec.env,
    SERVICE_NAME: spec.service,
    SERVICE_VERSION: spec.version,
    SERVICE_INSTANCE_ID: id,
    DEPLOYMENT_ENVIRONMENT: context.environment,
    HOST: '127.0.0.1',
    PORT: String(at),
    REGISTRY_URL: context.registryUrl(),
    REGISTRY_TOKEN: context.registryToken,
  });

  async function watchReadiness(watched: Child, at: number): Promise<void> {
    const url = `http://127.0.0.1:${at}${spec.readyPath}`;
    while (watched.running() && state !== 'draining') {
      const trouble = await httpTrouble(url);
      if (!watched.running() || (state as ReplicaState) === 'draining') return;
      const next = trouble ? 'starting' : 'ready';
      if (next !== state) context.log(`replica is ${next}`, { replica: id, detail: trouble });
      state = next;
      detail = trouble ?? null;
      await sleep(probeEveryMs[state]);
    }
  }

  async function runOnce(): Promise<{ ranMs: number; why: string }> {
    const began = Date.now();
    try {
      port = await context.takePort(id, port);
      child = await startChild({
        name: id,
        command: spec.command,
        args: spec.args,
        cwd: spec.cwd,
        env: environmentOf(port),
        graceMs: spec.drainMs,
        logFile: context.logFile,
      });
    } catch (error) {
      return { ranMs: 0, why: (error as Error).message };
    }
    context.log('replica started', { replica: id, pid: child.pid, port });
    void watchReadiness(child, port);
    const exit = await child.exited;
    const said = exit.signal ? undefined : child.lastLines().filter(Boolean).at(-1);
    return {
      ranMs: Date.now() - began,
      why: `${describeExit(exit)}${said ? `; last line: ${said.slice(0, 300)}` : ''}`,
    };
  }

  async function keepRunning(): Promise<void> {
    while (wanted) {
      state = 'starting';
      const { ranMs, why } = await runOnce();
      child = undefined;
      if (!wanted) break;
      const next = nextBackoff(backoff, ranMs);
      backoff = next.state;
      detail = why;
      state = next.crashLoop ? 'crashed' : 'backoff';
      context.log('replica ended', { replica: id, detail: why, waitMs: next.waitMs });
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, next.waitMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      if (wanted) context.onRestart(id);
    }
    state = 'stopped';
    if (port !== undefined) context.givePort(port);
  }

  return {
    id,
    serial: context.serial,
    running: () => child?.running() ?? false,
    view: () => ({
      id,
      pid: child?.running() ? child.pid : null,
      port: port ?? null,
      state,
      restarts: context.restarts(),
      startedAt: child?.startedAt.toISOString() ?? null,
      version: spec.version,
      detail,
    }),
    start: () => {
      if (wanted) return;
      wanted = true;
      loop = keepRunning();
    },
    kill: () => child?.kill('SIGKILL'),
    drain: async () => {
      wanted = false;
      wake();
      if (child?.running()) {
        state = 'draining';
        await child.stop();
      }
      await loop;
    },
    untilReady: async (timeoutMs) => {
      const deadline = Date.now() + timeoutMs;
      while (Date.now() < deadline) {
        if (state === 'ready') return true;
        if (!wanted) return false;
        await sleep(25);
      }
      return false;
    },
  };
}
