import { join } from 'node:path';
import * as z from 'zod';
import type { SupervisorConfig } from './config.ts';
import { targetGroups } from './discovery.ts';
import type { Fleet } from './fleet.ts';
import { Problem, type RequestContext, type Route } from './http.ts';
import { tailOfLog } from './log-tail.ts';
import type { SupervisorMetrics } from './metrics.ts';
import { type PartBoard, partReports } from './parts.ts';
import type { Registry } from './registry.ts';
import type { Workload } from './workload.ts';

export type ApiContext = {
  config: SupervisorConfig;
  fleet: Fleet;
  registry: Registry;
  parts: PartBoard;
  metrics: SupervisorMetrics;
  startedAt: Date;
};

const registration = z.object({
  host: z.string().min(1).max(255),
  port: z.int().min(1).max(65_535),
  version: z.string().min(1).max(128),
  ready: z.boolean(),
});

const name = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/i);
const longestTail = 2_000;

function pathName(context: RequestContext, parameter: string): string {
  const value = context.parameters[parameter] ?? '';
  if (!name.safeParse(value).success) {
    const message = 'must be letters, digits, ".", "_" or "-", at most 63';
    throw new Problem(400, 'request.invalid', `${parameter}: ${message}`, [
      { path: parameter, code: 'invalid_format', message },
    ]);
  }
  return value;
}

function scaleBody({ spec }: Workload) {
  const { min, max } = spec.replicas;
  const expected = `must be a whole number from ${min} to ${max}`;
  return z.object({ replicas: z.int(expected).min(min, expected).max(max, expected) });
}

/** Every address of the supervisor; what each does is in its path. */
export function supervisorRoutes({ config, fleet, registry, parts, metrics, startedAt }: ApiContext): Route[] {
  const workloadOf = (context: RequestContext): Workload => {
    const service = context.parameters.service ?? '';
    const workload = fleet.find(service);
    if (!workload) throw new Problem(404, 'workload.unknown', `There is no workload "${service}".`);
    return workload;
  };
  const replicaOf = (context: RequestContext) => {
    const id = context.parameters.id ?? '';
    const replica = fleet.findReplica(id);
    if (!replica) throw new Problem(404, 'replica.unknown', `There is no replica "${id}".`);
    return replica;
  };

  return [
    { method: 'GET', path: '/healthz', scope: 'public', handle: () => ({ json: { status: 'ok' } }) },
    {
      method: 'GET',
      path: '/metrics',
      scope: 'metrics',
      handle: async () => ({ text: await metrics.text(), contentType: metrics.contentType }),
    },
    {
      method: 'GET',
      path: '/sd/prometheus',
      scope: 'metrics',
      handle: () => ({ json: targetGroups(fleet.workloads().map((workload) => workload.view())) }),
    },
    {
      method: 'GET',
      path: '/v1/version',
      scope: 'control',
      handle: () => ({
        json: {
          version: config.version,
          environment: config.environment,
          startedAt: startedAt.toISOString(),
          pid: process.pid,
          workloads: config.workloads.map(({ service, version }) => ({ service, version })),
        },
      }),
    },
    {
      method: 'GET',
      path: '/v1/workloads',
      scope: 'control',
      handle: () => ({ json: { items: fleet.workloads().map((workload) => fleet.report(workload)) } }),
    },
    {
      method: 'GET',
      path: '/v1/workloads/:service',
      scope: 'control',
      handle: (context) => ({ json: fleet.report(workloadOf(context)) }),
    },
    {
      method: 'POST',
      path: '/v1/workloads/:service/scale',
      scope: 'control',
      handle: async (context) => {
        const workload = workloadOf(context);
        const { replicas } = await context.body(scaleBody(workload));
        workload.scale(replicas);
        return { status: 202, json: fleet.report(workload) };
      },
    },
    {
      method: 'POST',
      path: '/v1/workloads/:service/restart',
      scope: 'control',
      handle: (context) => {
        const workload = workloadOf(context);
        if (!workload.restart()) {
          throw new Problem(409, 'workload.restarting', `A restart of ${workload.spec.service} is going on already.`);
        }
        return { status: 202, json: fleet.report(workload) };
      },
    },
    {
      method: 'POST',
      path: '/v1/replicas/:id/kill',
      scope: 'control',
      handle: (context) => {
        const replica = replicaOf(context);
        if (!replica.running()) throw new Problem(409, 'replica.not_running', `${replica.id} is not running.`);
        replica.kill();
        return { status: 202, json: replica.view() };
      },
    },
    {
      method: 'GET',
      path: '/v1/replicas/:id/logs',
      scope: 'control',
      handle: (context) => {
        const replica = replicaOf(context);
        const given = context.query.get('tail') ?? '200';
        const tail = Number(given);
        if (!Number.isInteger(tail) || tail < 1 || tail > longestTail) {
          const message = `must be a whole number from 1 to ${longestTail}`;
          throw new Problem(400, 'request.invalid', `tail: ${message}`, [{ path: 'tail', code: 'invalid', message }]);
        }
        const lines = tailOfLog(join(config.logFolder, `${replica.id}.log`), tail);
        return { json: { replica: replica.id, lines } };
      },
    },
    { method: 'GET', path: '/v1/parts', scope: 'control', handle: () => ({ json: parts.read() }) },
    {
      method: 'POST',
      path: '/v1/parts',
      scope: 'control',
      handle: async (context) => {
        parts.post((await context.body(partReports)).items);
        return { status: 204 };
      },
    },
    {
      method: 'GET',
      path: '/v1/registry',
      scope: 'registry',
      handle: () => ({ json: { services: registry.all() } }),
    },
    {
      method: 'PUT',
      path: '/v1/registry/:service/:instanceId',
      scope: 'registry',
      handle: async (context) => {
        const service = pathName(context, 'service');
        const instanceId = pathName(context, 'instanceId');
        registry.heartbeat(service, { instanceId, ...(await context.body(registration)) });
        return { status: 204 };
      },
    },
    {
      method: 'DELETE',
      path: '/v1/registry/:service/:instanceId',
      scope: 'registry',
      handle: (context) => {
        registry.leave(pathName(context, 'service'), pathName(context, 'instanceId'));
        return { status: 204 };
      },
    },
  ];
}
