import {
  arm,
  type Matcher,
  oneOf,
  type Prometheus,
  type RedSource,
  type Series,
  selector,
  serviceMatchers,
  sourceLabel,
  statLabel,
  union,
} from '#lib/adapters/prometheus/index.ts';
import { engineFor } from '#lib/telemetry/index.ts';
import type { MeasuredAt } from './schemas.ts';

/** One way in which the metrics source sees a service. */
export interface Sighting {
  place: Exclude<MeasuredAt, 'probe'>;
  source: RedSource;
  /** Narrow its series to the service. */
  matchers: Matcher[];
  /** Requests per second over the last minutes. */
  rate: number;
  /** Those of the convention's ways to tell a failure whose labels are on the series. */
  errors: Matcher[][];
  /** Bounds of the buckets of its durations, as they are written; none without a classic histogram. */
  bounds: string[];
  /** Who counts it, where callers do. */
  callers: string[];
}

/** A probe from outside that looks at a service. */
export interface ProbeSighting {
  place: 'probe';
  matchers: Matcher[];
  instances: string[];
}

export interface Sightings {
  prometheus: Prometheus;
  found: Sighting[];
  probe: ProbeSighting | null;
}

const windowText = '10m';
const mostProbes = 2_000;
/** A dead service is seen in the order of these. */
const places: MeasuredAt[] = ['caller', 'gateway', 'probe', 'service'];
/** Proxies before the service, that still count while it is dead. */
const gateways = new Set(['ingress-nginx', 'traefik', 'envoy']);

const placeOf = ({ id, side }: RedSource): Sighting['place'] =>
  side === 'caller' ? 'caller' : gateways.has(id) ? 'gateway' : 'service';

/** The metric that every figure of a source is counted under. */
export const countedBy = (source: RedSource) => source.native ?? source.statusCounter;

/**
 * Every way in which a service is seen, the best place to measure its availability first: callers, gateways, probes,
 * then itself. Three queries at most, whatever the number of conventions.
 */
export async function findSightings(environment: string, service: string, signal?: AbortSignal): Promise<Sightings> {
  const { prometheus, matchers: within, sources } = await engineFor(environment, signal);
  const ask = async (arms: string[]) => {
    if (arms.length === 0) return [];
    return (await prometheus.instantQuery(union(arms), { signal, ttlMs: 30_000 })).series;
  };
  const ways = sources.flatMap((source) =>
    serviceMatchers(source.service, service).map((matchers, index) => ({
      source,
      index,
      labels: source.service.slice(0, index).map(({ label }) => label),
      label: source.service[index]?.label ?? '',
      base: [...within, ...(source.only ?? [])],
      matchers,
    })),
  );
  const first = await ask([
    ...ways.flatMap(({ source, index, label, base, matchers }) => {
      const selected = selector(countedBy(source), [...base, ...matchers]);
      const rate = `sum(rate(${selected}[${windowText}]))`;
      return [
        arm(`count by (${label}) (${selected})`, `series ${index}`, source.id),
        arm(source.native ? `histogram_count(${rate})` : rate, `rate ${index}`, source.id),
      ];
    }),
    arm(`count by (${probeLabels.join(', ')}) (${selector('probe_success', within)})`, 'probe'),
  ]);
  const seen = ways.flatMap((way) => {
    const mine = first.filter(({ labels }) => labels[sourceLabel] === way.source.id);
    const values = mine
      .filter(({ labels }) => labels[statLabel] === `series ${way.index}`)
      .flatMap(({ labels }) => labels[way.label] ?? []);
    if (values.length === 0) return [];
    const rate = lastValue(mine.find(({ labels }) => labels[statLabel] === `rate ${way.index}`));
    const named: Matcher =
      values.length === 1 ? [way.label, '=', values[0] as string] : oneOf(way.label, values.sort());
    return [{ ...way, named, rate: rate ?? 0 }];
  });
  const second = await ask(
    seen.flatMap(({ source, index, base, named, labels }) => {
      const matchers = [...base, ...labels.map((label): Matcher => [label, '=', '']), named];
      const counted = countedBy(source);
      const stat = (name: string) => `${name} ${index}`;
      return [
        ...source.errors.map((alternative, number) =>
          arm(
            `count(${selector(counted, [...matchers, ...alternative.map(([label]): Matcher => [label, '!=', ''])])})`,
            stat(`error ${number}`),
            source.id,
          ),
        ),
        ...labels.map((label) =>
          arm(`count(${selector(counted, [...base, named, [label, '!=', '']])})`, stat('other'), source.id),
        ),
        ...(source.buckets
          ? [arm(`count by (le) (${selector(source.buckets, matchers)})`, stat('bucket'), source.id)]
          : []),
        ...(source.side === 'caller'
          ? [arm(`count by (${callerLabels.join(', ')}) (${selector(counted, matchers)})`, stat('caller'), source.id)]
          : []),
      ];
    }),
  );
  const found = seen.map(({ source, index, labels, named, rate }): Sighting => {
    const mine = second.filter(({ labels: own }) => own[sourceLabel] === source.id);
    const of = (name: string) => mine.filter(({ labels: own }) => own[statLabel] === `${name} ${index}`);
    // Only where another service would be taken along is it said which label must be empty.
    const empty = of('other').length > 0 ? labels.map((label): Matcher => [label, '=', '']) : [];
    return {
      place: placeOf(source),
      source,
      matchers: [...(source.only ?? []).filter(([label]) => label !== named[0]), ...empty, named],
      rate,
      errors: source.errors.filter((_, number) => of(`error ${number}`).length > 0),
      bounds: of('bucket').flatMap(({ labels: { le } }) => (le === undefined || le === '+Inf' ? [] : [le])),
      callers: [...new Set(of('caller').map(callerName))].filter((name) => name !== '').sort(),
    };
  });
  return { prometheus, found: found.sort(byPlace), probe: probeOf(first, service) };
}

/** The sightings of each place: those with traffic first, else in the order of conventions. */
export function sightingsByPlace({ found }: Sightings): Sighting[][] {
  return places.flatMap((place) => {
    const here = found.filter((sighting) => sighting.place === place);
    return here.length > 0 ? [here.toSorted((a, b) => Number(b.rate > 0) - Number(a.rate > 0))] : [];
  });
}

const byPlace = (a: Sighting, b: Sighting) => places.indexOf(a.place) - places.indexOf(b.place);
const lastValue = (series: Series | undefined) => series?.points.at(-1)?.[1] ?? null;

const callerLabels = ['service_name', 'job', 'source_canonical_service', 'deployment'];
const callerName = ({ labels }: Series) => {
  const { service_name, source_canonical_service, deployment, job } = labels;
  return service_name || source_canonical_service || deployment || job?.replace(/^.*\//, '') || '';
};

const probeLabels = ['instance', 'job', 'service', 'service_name', 'target'];

/** Probes are told apart by what they ask; that a service is meant is seen by its name or by the host of the address. */
function probeOf(series: readonly Series[], service: string): ProbeSighting | null {
  const probes = series.filter(({ labels }) => labels[statLabel] === 'probe').slice(0, mostProbes);
  const named = (label: string) => probes.filter(({ labels }) => labels[label] === service);
  for (const label of ['service_name', 'service', 'target']) {
    const mine = named(label);
    if (mine.length > 0) return { place: 'probe', matchers: [[label, '=', service]], instances: instancesOf(mine) };
  }
  const mine = probes.filter(({ labels }) => hostOf(labels.instance ?? '').split('.')[0] === service.toLowerCase());
  const instances = instancesOf(mine);
  if (instances.length === 0) return null;
  const [only] = instances;
  const matcher: Matcher = instances.length === 1 ? ['instance', '=', only as string] : oneOf('instance', instances);
  return { place: 'probe', matchers: [matcher], instances };
}

const instancesOf = (series: readonly Series[]) =>
  [...new Set(series.flatMap(({ labels }) => labels.instance || []))].sort();

function hostOf(address: string): string {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  return URL.canParse(text) ? new URL(text).hostname : '';
}
