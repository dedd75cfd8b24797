import { type Series, serviceLabel } from '#lib/adapters/prometheus/index.ts';

export interface RecognisedDeploy {
  service: string;
  version: string;
  previousVersion: string;
  atMs: number;
}

/** A version that was away for less than this has only lost a scrape. */
const leastAwayMs = 60_000;

/**
 * Finds deploys in which versions ran when: a version that begins to run, after it did not for a minute, while
 * another one had been there. The first version that is ever seen of a service is no deploy.
 */
export function recogniseDeploys(series: readonly Series[], versionLabel = 'service_version'): RecognisedDeploy[] {
  const services = new Map<string, { version: string; points: Series['points'] }[]>();
  for (const { labels, points } of series) {
    const service = labels[serviceLabel];
    const version = labels[versionLabel];
    if (!service || !version) continue;
    services.set(service, [...(services.get(service) ?? []), { version, points }]);
  }
  const deploys: RecognisedDeploy[] = [];
  for (const [service, versions] of services) {
    const runs = (version: { points: Series['points'] } | undefined, i: number) => (version?.points[i]?.[1] ?? 0) > 0;
    for (const candidate of versions) {
      let lastSeenMs: number | null = null;
      for (let i = 0; i < candidate.points.length; i++) {
        if (!runs(candidate, i)) continue;
        const atMs = candidate.points[i]?.[0] ?? 0;
        const startMs = candidate.points[0]?.[0] ?? 0;
        const awaySinceMs = lastSeenMs ?? startMs - leastAwayMs;
        const isNew = i > 0 && !runs(candidate, i - 1) && atMs - awaySinceMs > leastAwayMs;
        const before = isNew ? otherBefore(versions, candidate, i, runs) : null;
        if (before) deploys.push({ service, version: candidate.version, previousVersion: before, atMs });
        lastSeenMs = atMs;
      }
    }
  }
  return deploys.sort((a, b) => a.atMs - b.atMs);
}

type Version = { version: string; points: Series['points'] };

/** The version that ran last before an instant, the one with the most replicas where several did. */
function otherBefore(
  versions: readonly Version[],
  self: Version,
  index: number,
  runs: (version: Version, i: number) => boolean,
): string | null {
  const others = versions.filter((version) => version !== self);
  for (let i = index - 1; i >= 0; i--) {
    const running = others
      .filter((version) => runs(version, i))
      .sort((a, b) => (b.points[i]?.[1] ?? 0) - (a.points[i]?.[1] ?? 0));
    if (running[0]) return running[0].version;
  }
  return null;
}
