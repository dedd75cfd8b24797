import { join } from 'node:path';
import type { WorkloadSpec } from './config.ts';
import { createReplica, type Replica, type ReplicaContext, type ReplicaView } from './replica.ts';
import type { StateStore } from './state.ts';

export type Rollout = {
  state: 'running' | 'done' | 'failed';
  startedAt: string;
  finishedAt: string | null;
  replaced: number;
  total: number;
  error: string | null;
};

export type WorkloadView = {
  service: string;
  environment: string;
  version: string;
  desired: number;
  ready: number;
  min: number;
  max: number;
  rollout: Rollout | null;
  replicas: ReplicaView[];
};

export type Workload = {
  spec: WorkloadSpec;
  view(): WorkloadView;
  replicas(): Replica[];
  start(): void;
  stop(): Promise<void>;
  scale(replicas: number): void;
  /** Replaces every replica, one at a time; false when a restart is going on already. */
  restart(): boolean;
};

export type WorkloadContext = Omit<ReplicaContext, 'spec' | 'id' | 'serial' | 'logFile' | 'onRestart' | 'restarts'> & {
  spec: WorkloadSpec;
  state: StateStore;
  logFolder: string;
};

let serial = 0;

/** All replicas of one service: keeps as many running as are desired. */
export function createWorkload(context: WorkloadContext): Workload {
  const { spec, state } = context;
  const replicas: Replica[] = [];
  const restarts = new Map<string, number>();
  let desired = clamp(state.desired(spec.service) ?? spec.replicas.default);
  let rollout: Rollout | null = null;
  let surge = 0;
  let outgoing = new Set<Replica>();
  let stopped = true;

  function clamp(count: number): number {
    return Math.min(spec.replicas.max, Math.max(spec.replicas.min, count));
  }

  const active = () => replicas.filter((replica) => !['draining', 'stopped'].includes(replica.view().state));

  function add(): Replica {
    const taken = new Set(replicas.map((replica) => replica.id));
    let slot = 1;
    while (taken.has(`${spec.service}-${slot}`)) slot += 1;
    const id = `${spec.service}-${slot}`;
    serial += 1;
    const replica = createReplica({
      ...context,
      id,
      serial,
      logFile: join(context.logFolder, `${id}.log`),
      restarts: () => restarts.get(id) ?? 0,
      onRestart: () => restarts.set(id, (restarts.get(id) ?? 0) + 1),
    });
    replicas.push(replica);
    replica.start();
    return replica;
  }

  async function remove(replica: Replica): Promise<void> {
    await replica.drain();
    const index = replicas.indexOf(replica);
    if (index >= 0) replicas.splice(index, 1);
  }

  function reconcile(): void {
    if (stopped) return;
    const running = active();
    for (let missing = desired + surge - running.length; missing > 0; missing -= 1) add();
    const surplus = running.length - desired - surge;
    if (surplus <= 0) return;
    // Those that a restart is about to replace go first, then the newest.
    const order = [...running].sort((a, b) => Number(outgoing.has(b)) - Number(outgoing.has(a)) || b.serial - a.serial);
    for (const replica of order.slice(0, surplus)) void remove(replica);
  }

  async function replaceAll(progress: Rollout): Promise<void> {
    outgoing = new Set(active());
    for (const old of [...outgoing]) {
      if (stopped) throw new Error('the supervisor is stopping');
      if (!active().includes(old)) {
        outgoing.delete(old);
        continue;
      }
      surge = 1;
      const fresh = add();
      const isReady = await fresh.untilReady(spec.startTimeoutMs);
      surge = 0;
      if (!isReady) {
        const why = fresh.view().detail;
        void remove(fresh);
        throw new Error(
          `the new replica ${fresh.id} was not ready within ${spec.startTimeoutMs / 1000} s${why ? `: ${why}` : ''}; ` +
            'the old ones keep running',
        );
      }
      outgoing.delete(old);
      progress.replaced += 1;
      if (active().includes(old)) await remove(old);
    }
  }

  return {
    spec,
    replicas: () => [...replicas],
    view: () => {
      const views = replicas.map((replica) => replica.view());
      return {
        service: spec.service,
        environment: context.environment,
        version: spec.version,
        desired,
        ready: views.filter((view) => view.state === 'ready').length,
        min: spec.replicas.min,
        max: spec.replicas.max,
        rollout,
        replicas: views.sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true })),
      };
    },
    start: () => {
      stopped = false;
      reconcile();
    },
    stop: async () => {
      stopped = true;
      await Promise.all([...replicas].map(remove));
    },
    scale: (count) => {
      desired = clamp(count);
      state.setDesired(spec.service, desired);
      reconcile();
    },
    restart: () => {
      if (rollout?.state === 'running') return false;
      const progress: Rollout = {
        state: 'running',
        startedAt: new Date().toISOString(),
        finishedAt: null,
        replaced: 0,
        total: active().length,
        error: null,
      };
      rollout = progress;
      replaceAll(progress)
        .then(
          () => {
            progress.state = 'done';
          },
          (error: Error) => {
            progress.state = 'failed';
            progress.error = error.message;
          },
        )
        .finally(() => {
          progress.finishedAt = new Date().toISOString();
          surge = 0;
          outgoing.clear();
          reconcile();
        });
      return true;
    },
  };
}
