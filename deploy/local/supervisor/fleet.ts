import type { Server } from 'node:net';
import { choosePort, isPortFree, releasePort, reservePort } from '../ports.ts';
import type { SupervisorConfig } from './config.ts';
import { openIngress } from './ingress.ts';
import type { Replica, ReplicaView } from './replica.ts';
import { openState } from './state.ts';
import { createUsageSampler, type UsageSampler } from './usage.ts';
import { createWorkload, type Workload, type WorkloadView } from './workload.ts';

export type ReplicaReport = ReplicaView & { cpuRatio: number | null; memoryBytes: number | null };
export type WorkloadReport = Omit<WorkloadView, 'replicas'> & { replicas: ReplicaReport[] };

export type Fleet = {
  environment: string;
  workloads(): Workload[];
  find(service: string): Workload | undefined;
  findReplica(id: string): Replica | undefined;
  report(workload: Workload): WorkloadReport;
  usage: UsageSampler;
  start(): Promise<void>;
  stop(): Promise<void>;
};

export type FleetOptions = {
  config: SupervisorConfig;
  registryUrl: () => string;
  log: (message: string, fields: Record<string, unknown>) => void;
};

const sampleEveryMs = 5_000;

/** Keeps the port that a replica had before, where it is still free: its series in Prometheus then go on. */
function portsOf(config: SupervisorConfig) {
  const state = openState(config.stateFile);
  const mine = new Set<number>();
  return {
    state,
    take: async (replicaId: string, previous: number | undefined): Promise<number> => {
      if (previous !== undefined && mine.has(previous)) {
        if (await isPortFree(previous)) return previous;
        mine.delete(previous);
        releasePort(previous);
      }
      const remembered = state.port(replicaId);
      const port = remembered !== undefined && (await reservePort(remembered)) ? remembered : await choosePort();
      mine.add(port);
      state.setPort(replicaId, port);
      return port;
    },
    give: (port: number) => {
      mine.delete(port);
      releasePort(port);
    },
  };
}

/** All workloads of the configuration, not yet started. */
export function createFleet({ config, registryUrl, log }: FleetOptions): Fleet {
  const ports = portsOf(config);
  const workloads = config.workloads.map((spec) =>
    createWorkload({
      spec,
      environment: config.environment,
      state: ports.state,
      logFolder: config.logFolder,
      registryUrl,
      registryToken: config.tokens.registry,
      takePort: ports.take,
      givePort: ports.give,
      log,
    }),
  );
  const replicas = () => workloads.flatMap((workload) => workload.replicas());
  const usage = createUsageSampler(() => replicas().flatMap((replica) => replica.view().pid ?? []));
  const ingresses: Server[] = [];
  let sampler: NodeJS.Timeout | undefined;

  const readyPorts = (workload: Workload) =>
    workload.replicas().flatMap((replica) => {
      const { state, port } = replica.view();
      return state === 'ready' && port !== null ? [port] : [];
    });

  return {
    environment: config.environment,
    usage,
    workloads: () => workloads,
    find: (service) => workloads.find((workload) => workload.spec.service === service),
    findReplica: (id) => replicas().find((replica) => replica.id === id),
    report: (workload) => {
      const view = workload.view();
      return {
        ...view,
        replicas: view.replicas.map((replica) => {
          const reading = replica.pid === null ? undefined : usage.of(replica.pid);
          return { ...replica, cpuRatio: reading?.cpuRatio ?? null, memoryBytes: reading?.memoryBytes ?? null };
        }),
      };
    },
    start: async () => {
      for (const workload of workloads) {
        if (workload.spec.ingressPort !== undefined) {
          ingresses.push(await openIngress(workload.spec.ingressPort, () => readyPorts(workload)));
        }
        workload.start();
      }
      await usage.sample();
      sampler = setInterval(() => void usage.sample(), sampleEveryMs);
    },
    stop: async () => {
      clearInterval(sampler);
      // Whoever calls ends before who is called: the last workload of the configuration first, then the others.
      await workloads.at(-1)?.stop();
      await Promise.all(workloads.map((workload) => workload.stop()));
      for (const ingress of ingresses) ingress.close();
    },
  };
}
