import type { AnalyzedTrace } from './analysis-schemas.ts';
import { textOf } from './attribute-kinds-rules.ts';
import type { Attributes } from './schemas.ts';

export interface Counts {
  /** Traces of the cohort in which it occurs. */
  selection: number;
  baseline: number;
}

/** One attribute over two cohorts. Counted by trace: however often a trace has a value, it has it once. */
export interface Tally extends Counts {
  scope: 'span' | 'resource' | 'trace';
  service: string | null;
  key: string;
  values: Map<string, Counts & { last: number }>;
  /** Number of the trace that had it last. */
  last: number;
  /** While all values are numbers: each with the number of its trace after it. */
  points: number[] | null;
  /** Values that are no plain text, number or truth value: they cannot be searched by. */
  isStructured: boolean;
}

export interface Tallies {
  tallies: Tally[];
  /** Traces in which a service occurs. */
  services: Map<string, Counts & { last: number }>;
  selection: number;
  baseline: number;
}

interface Entry {
  tally: Tally;
  counts: Counts & { last: number };
  value: Attributes[string];
}

interface Entries {
  service: string;
  all: Entry[];
  /** Number of the trace that had them last. */
  last: number;
}

/** Names of what is counted beside attributes. */
export const pseudo = { service: 'service', operation: 'operation', routeOnReplica: 'route on replica' } as const;

/** Counts the attributes of two cohorts by trace. Traces are numbered from 1, those of the selection first. */
export function tallied(selection: readonly AnalyzedTrace[], baseline: readonly AnalyzedTrace[]): Tallies {
  const byService = new Map<string | null, Record<Tally['scope'], Map<string, Tally>>>();
  const services: Tallies['services'] = new Map();
  const tallyOf = (scope: Tally['scope'], service: string | null, key: string) => {
    let own = byService.get(service);
    if (!own) {
      own = { span: new Map(), resource: new Map(), trace: new Map() };
      byService.set(service, own);
    }
    let tally = own[scope].get(key);
    if (!tally) {
      tally = {
        scope,
        service,
        key,
        selection: 0,
        baseline: 0,
        values: new Map(),
        last: 0,
        points: [],
        isStructured: false,
      };
      own[scope].set(key, tally);
    }
    return tally;
  };
  const count = (counts: Counts & { last: number }, side: keyof Counts, trace: number) => {
    if (counts.last === trace) return;
    counts.last = trace;
    counts[side] += 1;
  };
  const entryOf = (tally: Tally, value: Attributes[string]): Entry => {
    const text = textOf(value);
    let counts = tally.values.get(text);
    if (!counts) {
      counts = { selection: 0, baseline: 0, last: 0 };
      tally.values.set(text, counts);
    }
    if (typeof value !== 'number') tally.points = null;
    if (typeof value === 'object') tally.isStructured = true;
    return { tally, counts, value };
  };
  const noteEntry = ({ tally, counts, value }: Entry, side: keyof Counts, trace: number) => {
    if (counts.last === trace) return;
    count(counts, side, trace);
    count(tally, side, trace);
    if (typeof value === 'number') tally.points?.push(value, trace);
  };
  const note = (tally: Tally, value: Attributes[string], side: keyof Counts, trace: number) =>
    noteEntry(entryOf(tally, value), side, trace);
  /** Sources give equal attributes as one object: what each stands for is looked up once. */
  const known = { span: new Map<Attributes, Entries>(), resource: new Map<Attributes, Entries>() };
  const noteAll = (
    scope: 'span' | 'resource',
    service: string,
    attributes: Attributes,
    side: keyof Counts,
    trace: number,
  ) => {
    let entries = known[scope].get(attributes);
    if (entries?.service !== service) {
      const all = Object.entries(attributes).filter(([, value]) => value !== null);
      entries = { service, all: all.map(([key, value]) => entryOf(tallyOf(scope, service, key), value)), last: 0 };
      known[scope].set(attributes, entries);
    }
    if (entries.last === trace) return;
    entries.last = trace;
    for (const entry of entries.all) noteEntry(entry, side, trace);
  };
  const noteTrace = ({ spans }: AnalyzedTrace, side: keyof Counts, trace: number) => {
    for (const { service, name, kind, attributes, resource } of spans) {
      let own = services.get(service);
      if (!own) {
        own = { selection: 0, baseline: 0, last: 0 };
        services.set(service, own);
      }
      count(own, side, trace);
      note(tallyOf('trace', null, pseudo.service), service, side, trace);
      note(tallyOf('trace', service, pseudo.operation), name, side, trace);
      noteAll('span', service, attributes, side, trace);
      noteAll('resource', service, resource, side, trace);
      if (kind !== 'server' && kind !== 'consumer') continue;
      const replica = replicaOf(resource);
      if (replica !== null) {
        const route = routeOf(name, attributes);
        note(tallyOf('trace', service, pseudo.routeOnReplica), `${route} on ${replica}`, side, trace);
      }
    }
  };
  let number = 0;
  for (const trace of selection) noteTrace(trace, 'selection', ++number);
  for (const trace of baseline) noteTrace(trace, 'baseline', ++number);
  return {
    tallies: [...byService.values()].flatMap((own) => Object.values(own).flatMap((tallies) => [...tallies.values()])),
    services,
    selection: selection.length,
    baseline: baseline.length,
  };
}

/** What tells the replicas of a service apart: its instance, else its pod, else its host. */
export function replicaOf(resource: Attributes): string | null {
  for (const key of ['service.instance.id', 'k8s.pod.name', 'host.name']) {
    const value = resource[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}

/** The route of a request, with its method; the name of the span where it has none. */
export function routeOf(name: string, attributes: Attributes): string {
  const route = attributes['http.route'];
  const method = attributes['http.request.method'] ?? attributes['http.method'];
  if (typeof route !== 'string' || route === '') return name;
  return typeof method === 'string' ? `${method} ${route}` : route;
}
