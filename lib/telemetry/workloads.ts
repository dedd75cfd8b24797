import { type Series, serviceLabel, sourceLabel, statLabel } from '#lib/adapters/prometheus/index.ts';
import type { ReplicaCount } from './schemas.ts';

export interface Workload {
  replicas: ReplicaCount | null;
  versions: { version: string; replicas: number }[];
  /** Whether something that runs workloads knows it, rather than only a scrape target of that name. */
  isManaged: boolean;
}

interface Seen {
  ready: Map<string, number>;
  running: number | null;
  desired: Map<string, number>;
  restarts: number | null;
  targets: number;
  targetsUp: number;
  versions: Map<string, number>;
}

/** Reads the answer of `workloads`. What runs the workload knows more of it than its scrape targets. */
export function readWorkloads(series: readonly Series[]): Map<string, Workload> {
  const all = new Map<string, Seen>();
  for (const { labels, points } of series) {
    const service = labels[serviceLabel];
    const value = points.at(-1)?.[1];
    if (!service || value === null || value === undefined || !Number.isFinite(value)) continue;
    let seen = all.get(service);
    if (!seen) {
      seen = {
        ready: new Map(),
        running: null,
        desired: new Map(),
        restarts: null,
        targets: 0,
        targetsUp: 0,
        versions: new Map(),
      };
      all.set(service, seen);
    }
    const by = labels[sourceLabel] ?? '';
    const version = labels.service_version;
    switch (labels[statLabel]) {
      case 'ready':
        seen.ready.set(by, value);
        break;
      case 'running':
        seen.running = value;
        break;
      case 'desired':
        seen.desired.set(by, value);
        break;
      case 'restarts':
        seen.restarts = value;
        break;
      case 'targets':
        seen.targets += value;
        break;
      case 'targets_up':
        seen.targetsUp += value;
        if (version && value > 0) seen.versions.set(version, value);
        break;
      case 'info':
        if (version && !seen.versions.has(version)) seen.versions.set(version, value);
        break;
    }
  }
  return new Map([...all].map(([service, seen]) => [service, toWorkload(seen)]));
}

function toWorkload({ ready, running, desired, restarts, targets, targetsUp, versions }: Seen): Workload {
  const manager = ['supervisor', 'kubernetes'].find((by) => desired.has(by) || ready.has(by));
  const counted = manager
    ? { ready: ready.get(manager) ?? running ?? targetsUp, desired: desired.get(manager) ?? null }
    : { ready: targetsUp, desired: targets || null };
  const isKnown = manager !== undefined || targets > 0;
  return {
    replicas: isKnown
      ? {
          ready: Math.round(counted.ready),
          desired: counted.desired === null ? null : Math.round(counted.desired),
          restartsLastHour: restarts === null ? null : Math.round(restarts),
        }
      : null,
    versions: [...versions]
      .map(([version, replicas]) => ({ version, replicas: Math.round(replicas) }))
      .sort((a, b) => b.replicas - a.replicas || (a.version < b.version ? 1 : -1)),
    isManaged: desired.has('supervisor') || running !== null,
  };
}
