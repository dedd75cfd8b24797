import { Counter, Gauge, Registry } from 'prom-client';
import type { Fleet } from './fleet.ts';

const workloadLabels = ['service_name', 'deployment_environment_name'] as const;
const replicaLabels = [...workloadLabels, 'service_instance_id'] as const;

export type SupervisorMetrics = { contentType: string; text(): Promise<string> };

/** The supervisor's own metrics; every value is read from the fleet at the moment of the scrape. */
export function createMetrics(fleet: Fleet): SupervisorMetrics {
  const registry = new Registry();
  const workloadGauge = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: workloadLabels, registers: [registry] });
  const replicaGauge = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: replicaLabels, registers: [registry] });
  const replicaCounter = (name: string, help: string) =>
    new Counter({ name, help, labelNames: replicaLabels, registers: [registry] });

  const desired = workloadGauge('quarterdeck_workload_desired_replicas', 'Replicas that should run.');
  const ready = workloadGauge('quarterdeck_workload_ready_replicas', 'Replicas that answer their readiness probe.');
  const up = replicaGauge('quarterdeck_replica_up', '1 while the process of the replica runs.');
  const isReady = replicaGauge('quarterdeck_replica_ready', '1 while the replica answers its readiness probe.');
  const started = replicaGauge('quarterdeck_replica_start_time_seconds', 'When its process started, Unix time.');
  const memory = replicaGauge('quarterdeck_replica_memory_bytes', 'Resident memory of its process.');
  const cpu = replicaCounter('quarterdeck_replica_cpu_seconds_total', 'Processor time of its process.');
  const restarts = replicaCounter(
    'quarterdeck_replica_restarts_total',
    'Starts of the replica after its process had died.',
  );

  function read(): void {
    for (const metric of [desired, ready, up, isReady, started, memory, restarts, cpu]) metric.reset();
    for (const workload of fleet.workloads()) {
      const view = workload.view();
      const labels = { service_name: view.service, deployment_environment_name: view.environment };
      desired.set(labels, view.desired);
      ready.set(labels, view.ready);
      for (const replica of view.replicas) {
        const own = { ...labels, service_instance_id: replica.id };
        up.set(own, replica.pid === null ? 0 : 1);
        isReady.set(own, replica.state === 'ready' ? 1 : 0);
        restarts.inc(own, replica.restarts);
        if (replica.startedAt) started.set(own, Date.parse(replica.startedAt) / 1000);
        const reading = replica.pid === null ? undefined : fleet.usage.of(replica.pid);
        if (!reading) continue;
        memory.set(own, reading.memoryBytes);
        cpu.inc(own, reading.cpuSeconds);
      }
    }
  }

  return {
    contentType: registry.contentType,
    text: async () => {
      const pids = fleet.workloads().flatMap((workload) => workload.replicas().flatMap(({ view }) => view().pid ?? []));
      if (pids.some((pid) => !fleet.usage.of(pid))) await fleet.usage.sample();
      read();
      return registry.metrics();
    },
  };
}
