import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../folders.ts';
import { sleep } from '../process/signal.ts';
import type { Part, Started } from '../stack/part.ts';
import type { Stack } from '../stack/stack.ts';
import type { WorkloadReport } from '../supervisor/fleet.ts';

const readyWithinMs = 60_000;

async function readWorkloads({ urls }: Stack): Promise<WorkloadReport[]> {
  const response = await fetch(`${urls.supervisor}/v1/workloads`, {
    headers: { authorization: `Bearer ${urls.supervisorToken}` },
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`The supervisor answers ${response.status}.`);
  return ((await response.json()) as { items: WorkloadReport[] }).items;
}

function describe({ service, desired, ready, replicas }: WorkloadReport): string {
  const details = replicas
    .filter(({ state }) => state !== 'ready')
    .map(({ id, state, detail }) => `${id} ${state}: ${detail}`);
  return `${service} ${ready}/${desired}${details.length > 0 ? ` (${details.join('; ')})` : ''}`;
}

async function untilReady(stack: Stack, wanted: (service: string) => boolean): Promise<WorkloadReport[]> {
  for (const service of ['product', 'order', 'payment', 'gateway', 'traffic'].filter(wanted)) {
    const main = join(repositoryRoot, 'services', service, 'main.ts');
    if (!existsSync(main)) throw new Error(`services/${service}/main.ts is missing from this copy of the repository.`);
  }
  const deadline = Date.now() + readyWithinMs;
  for (;;) {
    const workloads = (await readWorkloads(stack)).filter(({ service }) => wanted(service));
    if (workloads.every(({ ready, desired }) => ready >= desired)) return workloads;
    if (Date.now() > deadline) {
      const missing = workloads.filter(({ ready, desired }) => ready < desired).map(describe);
      throw new Error(
        `Not ready after ${readyWithinMs / 1000} s: ${missing.join(', ')}. Logs: ${stack.data.at('logs', 'fleet')}`,
      );
    }
    await sleep(100);
  }
}

const runsOf = (workloads: readonly WorkloadReport[]) =>
  workloads.map(({ service, ready }) => `${service}×${ready}`).join(' ');

async function bringUp(stack: Stack, wanted: (service: string) => boolean): Promise<Started> {
  if (stack.external.supervisorUrl) return { kind: 'external', origin: 'SUPERVISOR_URL' };
  const workloads = await untilReady(stack, wanted);
  return {
    kind: 'done',
    version: workloads[0]?.version,
    origin: runsOf(workloads),
    address: wanted('gateway') ? stack.urls.gateway : undefined,
  };
}

export const fleet: Part = {
  name: 'fleet',
  title: 'Fleet',
  description: 'The microservices, under the supervisor.',
  after: ['supervisor'],
  patience: 'is starting …',
  start: (stack) => bringUp(stack, (service) => service !== 'traffic'),
};

export const traffic: Part = {
  name: 'traffic',
  title: 'Traffic',
  description: 'Requests as people would send them.',
  after: ['fleet'],
  start: async (stack) => {
    if (!stack.options.traffic) return { kind: 'absent', origin: 'none (--no-traffic)' };
    const started = await bringUp(stack, (service) => service === 'traffic');
    return started.kind === 'done' ? { ...started, origin: `${stack.options.ratePerSecond} requests/s` } : started;
  },
};
