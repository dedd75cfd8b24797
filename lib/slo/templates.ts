import { type Matcher, selector } from '#lib/adapters/prometheus/index.ts';
import { disjoint } from './indicator/evidence.ts';
import { writeOpenSlo } from './openslo/index.ts';
import type { Indicator, SloDefinition, SloTemplate } from './schemas.ts';
import { countedBy, findSightings, type ProbeSighting, type Sighting, sightingsByPlace } from './sightings.ts';

/** What a page should be answered within, where nobody has said otherwise. */
const wantedSeconds = 0.5;
const targets = { availability: 0.999, latency: 0.99 };

/** SLOs that would work for a service as its metrics are now, those measured at the best place first. */
export async function findTemplates(
  environment: string,
  service: string,
  signal?: AbortSignal,
): Promise<SloTemplate[]> {
  const sightings = await findSightings(environment, service, signal);
  const byPlace = sightingsByPlace(sightings);
  const isSeenElsewhere = byPlace.some(([first]) => first?.place !== 'service') || sightings.probe !== null;
  const base = baseOf(environment, service);
  // Of each place one of a kind: counters and durations may be of two conventions.
  const counted = byPlace.flatMap((here) => [
    ...here.flatMap((sighting) => availabilityOf(base, sighting, isSeenElsewhere)).slice(0, 1),
    ...here.flatMap((sighting) => latencyOf(base, sighting)).slice(0, 1),
  ]);
  const probed = sightings.probe ? [probeOf(base, sightings.probe)] : [];
  const own = counted.filter(({ definition }) => definition.measuredAt === 'service');
  return [...counted.filter((template) => !own.includes(template)), ...probed, ...own];
}

type Base = Omit<SloDefinition, 'indicator' | 'measuredAt' | 'category' | 'target' | 'displayName' | 'description'>;

function baseOf(environment: string, service: string): Base {
  return {
    environment,
    name: 'slo',
    service,
    owner: null,
    tier: null,
    labels: {},
    budgeting: { method: 'occurrences' },
    window: { kind: 'rolling', days: 30 },
    gapPolicy: 'unknown',
    policy: 'default',
    runbookUrl: null,
    alerting: { tiers: null, minFailures: 5, absentPages: null },
  };
}

/** A name of DNS out of any service and an ending. */
export function nameOf(service: string, ending: string): string {
  const slug = service
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `${slug.slice(0, 62 - ending.length).replace(/-+$/, '') || 'service'}-${ending}`;
}

const titles = { caller: 'at its callers', gateway: 'at the gateway', service: 'by itself', probe: 'by a probe' };

function whereCounted({ place, source, callers }: Sighting, service: string, isSeenElsewhere: boolean): string {
  const metric = `${source.title}, ${countedBy(source)}`;
  switch (place) {
    case 'caller': {
      const who = callers.length > 0 ? ` (${callers.slice(0, 5).join(', ')})` : '';
      return `Counted by who calls ${service}${who}: ${metric}. While ${service} is down its callers still count, so that it costs budget.`;
    }
    case 'gateway':
      return `Counted by the proxy before ${service}: ${metric}. While ${service} is down the proxy still counts, so that it costs budget.`;
    case 'service': {
      const elsewhere = isSeenElsewhere
        ? 'Take it beside one that is measured elsewhere.'
        : 'No caller, gateway or probe was found that sees it.';
      return `Counted by ${service} itself: ${metric}. While it is down nothing is counted, so that a dead service costs no budget. ${elsewhere}`;
    }
  }
}

const query = (
  name: string,
  selectors: readonly { metric: string; matchers: readonly Matcher[] }[],
  native: boolean,
) =>
  native
    ? selectors.map(({ metric, matchers }) => `${name}(${selector(metric, matchers)})`).join(' + ')
    : `sum(${selectors.map(({ metric, matchers }) => selector(metric, matchers)).join(' or ')})`;

function availabilityOf(base: Base, sighting: Sighting, isSeenElsewhere: boolean): SloTemplate[] {
  const { source, matchers, errors, place } = sighting;
  if (errors.length === 0) return [];
  const metric = countedBy(source);
  const native = source.native !== null;
  const failed = disjoint(errors.map((alternative) => ({ metric, matchers: [...matchers, ...alternative] }))) ?? [];
  const indicator: Indicator = {
    kind: 'ratio',
    counter: true,
    good: null,
    bad: query('histogram_count', failed, native),
    total: query('histogram_count', [{ metric, matchers }], native),
  };
  return [
    templateOf(
      `${source.id}-availability`,
      `Availability ${titles[place]}`,
      whereCounted(sighting, base.service, isSeenElsewhere),
      {
        ...base,
        name: nameOf(base.service, 'availability'),
        displayName: `${base.service} answers`,
        description: `Requests to ${base.service} are answered without a failure of its own.`,
        category: 'availability',
        measuredAt: place,
        target: targets.availability,
        indicator,
      },
    ),
  ];
}

/** The bound nearest to what is wanted, by ratio. */
export function nearestBounds(bounds: readonly string[], wanted: number): string[] {
  const distance = (bound: string) => Math.abs(Math.log(Number(bound) / wanted));
  return bounds.filter((bound) => Number(bound) > 0).toSorted((a, b) => distance(a) - distance(b));
}

export function inWords(seconds: number): string {
  const clean = (value: number) => String(Number(value.toPrecision(6)));
  return seconds < 1 ? `${clean(seconds * 1_000)} ms` : `${clean(seconds)} s`;
}

function latencyOf(base: Base, sighting: Sighting): SloTemplate[] {
  const { source, matchers, bounds, place } = sighting;
  if (!source.duration) return [];
  const { metric, secondsPerUnit } = source.duration;
  const wanted = wantedSeconds / secondsPerUnit;
  const bound = source.native ? String(wanted) : nearestBounds(bounds, wanted)[0];
  if (bound === undefined) return [];
  const ratio = { kind: 'ratio', counter: true, bad: null } as const;
  const indicator: Indicator = source.native
    ? {
        ...ratio,
        good: `histogram_fraction(0, ${bound}, ${selector(metric, matchers)})`,
        total: `histogram_count(${selector(metric, matchers)})`,
      }
    : {
        ...ratio,
        good: `sum(${selector(`${metric}_bucket`, [...matchers, ['le', '=', bound]])})`,
        total: `sum(${selector(`${metric}_count`, matchers)})`,
      };
  const limit = inWords(Number(bound) * secondsPerUnit);
  const seenBy = {
    caller: () => 'its callers see it',
    gateway: () => 'the proxy before it sees it',
    service: (service: string) => `${service} itself sees it`,
  };
  const how = source.native
    ? 'The limit can be any, as the histogram is a native one.'
    : `The limit is a bucket of the histogram.`;
  const reason = `${limit} as ${seenBy[place](base.service)}: ${source.title}, ${metric}. ${how}`;
  return [
    templateOf(`${source.id}-latency`, `Latency ${titles[place]}`, reason, {
      ...base,
      name: nameOf(base.service, 'latency'),
      displayName: `${base.service} answers within ${limit}`,
      description: `${targets.latency * 100} % of requests to ${base.service} are answered within ${limit}.`,
      category: 'latency',
      measuredAt: place,
      target: targets.latency,
      indicator,
    }),
  ];
}

function probeOf(base: Base, { matchers, instances }: ProbeSighting): SloTemplate {
  const what = instances.slice(0, 3).join(', ');
  return templateOf(
    'blackbox-availability',
    `Availability ${titles.probe}`,
    `Asked from outside by a probe${what ? ` of ${what}` : ''}: probe_success. While ${base.service} is down the probe fails, so that it costs budget.`,
    {
      ...base,
      name: nameOf(base.service, 'availability'),
      displayName: `${base.service} can be reached`,
      description: `Probes of ${base.service} succeed.`,
      category: 'availability',
      measuredAt: 'probe',
      target: targets.availability,
      indicator: { kind: 'threshold', query: selector('probe_success', matchers), op: 'gte', value: 1 },
    },
  );
}

const templateOf = (id: string, title: string, reason: string, definition: SloDefinition): SloTemplate => ({
  id,
  title,
  reason,
  definition,
  source: writeOpenSlo(definition),
});
