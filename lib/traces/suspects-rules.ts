import { canFormat, formatFilter } from './filter-rules.ts';
import { comparableAttributes, type ServedRequest } from './requests-rules.ts';
import type { Suspect } from './schemas.ts';

/** A fault that was injected, or something like it, at services that the requests touch. */
export interface KnownFault {
  title: string;
  startMs: number;
  /** null while it lasts. */
  endMs: number | null;
}

interface Subject {
  service: string;
  /** What every search begins with: environment and range. */
  search: Readonly<Record<string, string>>;
}

interface Candidate {
  kind: Suspect['kind'];
  key: string;
  value: string;
  failing: number;
  ok: number;
  says: string;
  search: Record<string, string>;
}

const leastScore = 0.05;
const leastFailing = 2;
const mostSuspects = 20;
const kinds: readonly Suspect['kind'][] = ['fault', 'version', 'replica', 'route', 'dependency', 'attribute'];

/**
 * What explains the failing requests of a service: for each version, replica, route, dependency that failed, fault that
 * was active and other attribute the share of failing requests that have it, less the share of successful ones. Those
 * that differ by 5 percentage points, the largest difference first; nothing where either side is empty.
 */
export function suspectsOf(
  requests: readonly ServedRequest[],
  faults: readonly KnownFault[],
  subject: Subject,
): Suspect[] {
  const failing = requests.filter(({ failed }) => failed).length;
  const ok = requests.length - failing;
  if (failing < leastFailing || ok === 0) return [];
  return candidatesOf(requests, faults, subject)
    .flatMap((candidate): Suspect[] => {
      const failingRatio = rounded(candidate.failing / failing);
      const okRatio = rounded(candidate.ok / ok);
      const score = rounded(failingRatio - okRatio);
      if (score < leastScore || candidate.failing < leastFailing) return [];
      const { kind, key, value, says } = candidate;
      const search = new URLSearchParams({
        ...subject.search,
        service: subject.service,
        status: 'error',
        ...candidate.search,
      });
      return [
        {
          kind,
          key,
          value,
          failingRatio,
          okRatio,
          failing: candidate.failing,
          ok: candidate.ok,
          score,
          text: `${says} ${percent(failingRatio)} of the failing requests and ${percent(okRatio)} of the successful ones.`,
          search: search.toString(),
        },
      ];
    })
    .sort(byScore)
    .slice(0, mostSuspects);
}

const rounded = (share: number) => Math.round(share * 10_000) / 10_000;
const percent = (share: number) => `${Number((share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0))} %`;

function byScore(a: Suspect, b: Suspect): number {
  if (a.score !== b.score) return b.score - a.score;
  if (a.kind !== b.kind) return kinds.indexOf(a.kind) - kinds.indexOf(b.kind);
  return `${a.key}\n${a.value}` < `${b.key}\n${b.value}` ? -1 : 1;
}

function candidatesOf(
  requests: readonly ServedRequest[],
  faults: readonly KnownFault[],
  { service }: Subject,
): Candidate[] {
  const counted = (valuesOf: (request: ServedRequest) => Iterable<string | null>) => {
    const counts = new Map<string, { failing: number; ok: number }>();
    for (const request of requests) {
      for (const value of valuesOf(request)) {
        if (value === null) continue;
        const known = counts.get(value) ?? { failing: 0, ok: 0 };
        counts.set(value, known);
        known[request.failed ? 'failing' : 'ok'] += 1;
      }
    }
    return [...counts];
  };
  const attr = (scope: 'span' | 'resource', key: string, value: string): Record<string, string> =>
    canFormat({ key }) ? { attr: formatFilter({ scope, key, operator: '=', value }) } : {};
  const routes = new Map(requests.map(({ route, attributes }) => [route, attributes['http.route']]));
  return [
    ...counted(({ version }) => [version]).map(
      ([value, counts]): Candidate => ({
        kind: 'version',
        key: 'service.version',
        value,
        ...counts,
        says: `Version ${value} served`,
        search: attr('resource', 'service.version', value),
      }),
    ),
    ...counted(({ replica }) => [replica]).map(
      ([value, counts]): Candidate => ({
        kind: 'replica',
        key: 'service.instance.id',
        value,
        ...counts,
        says: `Replica ${value} served`,
        search: attr('resource', 'service.instance.id', value),
      }),
    ),
    ...counted(({ route }) => [route]).map(([value, counts]): Candidate => {
      const route = routes.get(value);
      return {
        kind: 'route',
        key: typeof route === 'string' ? 'http.route' : 'operation',
        value,
        ...counts,
        says: `${value} is the route of`,
        search: typeof route === 'string' ? attr('span', 'http.route', route) : { operation: value },
      };
    }),
    ...counted(({ failedCalls }) => failedCalls).map(
      ([value, counts]): Candidate => ({
        kind: 'dependency',
        key: 'dependency',
        value,
        ...counts,
        says: `A call to ${value} failed in`,
        search: {},
      }),
    ),
    ...faults.map(
      (fault): Candidate => ({
        kind: 'fault',
        key: 'fault',
        value: fault.title,
        ...overlapping(requests, fault),
        says: `“${fault.title}” was active during`,
        search: {
          from: new Date(fault.startMs).toISOString(),
          ...(fault.endMs !== null && { to: new Date(fault.endMs).toISOString() }),
        },
      }),
    ),
    ...[...comparableAttributes(requests)].flatMap(([key, values]) =>
      [...values].map(
        ([value, counts]): Candidate => ({
          kind: 'attribute',
          key,
          value,
          ...counts,
          says: `${key} is ${value} in`,
          search: attr('span', key, value),
        }),
      ),
    ),
  ].filter(({ kind, value }) => kind !== 'dependency' || value !== service);
}

function overlapping(requests: readonly ServedRequest[], { startMs, endMs }: KnownFault) {
  const counts = { failing: 0, ok: 0 };
  for (const request of requests) {
    if (request.endMs < startMs || (endMs !== null && request.startMs > endMs)) continue;
    counts[request.failed ? 'failing' : 'ok'] += 1;
  }
  return counts;
}
