import type { WorkloadView } from './workload.ts';

export type TargetGroup = { targets: string[]; labels: Record<string, string> };

/**
 * The fleet as Prometheus HTTP service discovery reads it. A replica that is waiting to be started again stays listed,
 * so that `up` is 0 rather than absent.
 */
export function targetGroups(workloads: readonly WorkloadView[]): TargetGroup[] {
  return workloads.flatMap((workload) =>
    workload.replicas.flatMap((replica) =>
      replica.port === null || replica.state === 'stopped'
        ? []
        : [
            {
              targets: [`127.0.0.1:${replica.port}`],
              labels: {
                job: workload.service,
                service_name: workload.service,
                service_version: replica.version,
                service_instance_id: replica.id,
                deployment_environment_name: workload.environment,
              },
            },
          ],
    ),
  );
}
