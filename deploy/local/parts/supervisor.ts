import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FleetRole, fleetDatabaseUrl } from '../databases.ts';
import { repositoryRoot } from '../folders.ts';
import { external as fromEnvironment } from '../stack/external.ts';
import type { Part } from '../stack/part.ts';
import { answers, nodeEnvironment, startService } from '../stack/service.ts';
import type { Stack } from '../stack/stack.ts';
import type { SupervisorInput, WorkloadInput } from '../supervisor/config.ts';

function versionIn(file: string): string {
  return (JSON.parse(readFileSync(join(repositoryRoot, file), 'utf8')) as { version: string }).version;
}

function defined(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function workloads(stack: Stack): WorkloadInput[] {
  const { urls, secrets, options, ports } = stack;
  const version = versionIn('services/package.json');
  const common = defined({
    ...nodeEnvironment(stack),
    OTEL_EXPORTER_OTLP_ENDPOINT: urls.otlp,
    REDIS_URL: urls.redis,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'info',
  });
  const workload = (
    service: string,
    replicas: WorkloadInput['replicas'],
    env: Record<string, string>,
  ): WorkloadInput => ({
    service,
    version,
    command: process.execPath,
    args: ['--import', './kit/telemetry.ts', `${service}/main.ts`],
    cwd: join(repositoryRoot, 'services'),
    env: { ...common, ...env },
    replicas,
  });
  const data = (role: FleetRole) => ({ DATABASE_URL: fleetDatabaseUrl(urls.fleetAdmin, role, secrets) });
  const many = { min: 0, max: 10 };
  return [
    workload('product', { default: 2, ...many }, data('product')),
    workload('payment', { default: 1, ...many }, { ...data('payment'), INCIDENT_TOKEN: secrets.incident }),
    workload('order', { default: 2, ...many }, data('order')),
    {
      ...workload(
        'gateway',
        { default: 1, ...many },
        {
          GATEWAY_API_KEYS: `traffic:${secrets.gatewayApiKey}`,
          // Through it goes everything: throughput before memory.
          NODE_OPTIONS: process.env.NODE_OPTIONS ?? '',
        },
      ),
      ingressPort: ports.gateway,
    },
    ...(options.traffic
      ? [
          workload(
            'traffic',
            { default: 1, min: 0, max: 5 },
            {
              GATEWAY_URL: urls.gateway,
              GATEWAY_API_KEY: secrets.gatewayApiKey,
              RATE: String(options.ratePerSecond),
            },
          ),
        ]
      : []),
  ];
}

export const supervisor: Part = {
  name: 'supervisor',
  title: 'Supervisor',
  description: 'Runs the fleet: registry, service discovery, scaling, restarts.',
  variable: 'SUPERVISOR_URL',
  after: ['migrations', 'redis', 'receiver'],
  start: async (stack) => {
    const { external, urls, data, secrets, environment, ports } = stack;
    if (external.supervisorUrl) {
      return fromEnvironment('SUPERVISOR_URL', external.supervisorUrl, '/v1/version', urls.supervisorToken);
    }
    const config: SupervisorInput = {
      version: versionIn('package.json'),
      environment,
      port: ports.supervisor,
      stateFile: data.at('run', 'supervisor-state.json'),
      logFolder: data.at('logs', 'fleet'),
      workloads: workloads(stack),
    };
    const file = data.at('run', 'supervisor.json');
    writeFileSync(file, JSON.stringify(config, null, 2), { mode: 0o600 });
    const child = await startService(stack, {
      name: 'supervisor',
      command: process.execPath,
      args: [join(repositoryRoot, 'deploy/local/supervisor/main.ts'), file],
      cwd: repositoryRoot,
      env: {
        ...nodeEnvironment(stack),
        SUPERVISOR_TOKEN: secrets.supervisor,
        REGISTRY_TOKEN: secrets.registry,
        METRICS_TOKEN: secrets.metrics,
      },
      // Longer than a replica may take to finish what is in flight.
      graceMs: 20_000,
      trouble: answers(`${urls.supervisor}/healthz`),
    });
    return { kind: 'running', version: config.version, origin: 'this repository', address: urls.supervisor, child };
  },
};
