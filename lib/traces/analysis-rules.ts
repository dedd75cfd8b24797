import type { AnalyzedTrace } from './analysis-schemas.ts';
import { isSymptom, leftOutBecause } from './attribute-kinds-rules.ts';
import { canFormat, formatFilter } from './filter-rules.ts';
import type { Analysis, ComparedAttribute, ComparedValue } from './schemas.ts';
import { type Counts, pseudo, type Tallies, type Tally, tallied } from './tally-rules.ts';

type LeftOut = Analysis['leftOut'];
interface Ranked {
  attributes: ComparedAttribute[];
  leftOut: LeftOut;
}

const mostValues = 8;
const mostAttributes = 60;
const leastScore = 0.02;
/** An attribute is compared where so many traces of each cohort have it, or all of a smaller one. */
const leastTraces = 5;
/** Numbers with more values than this are compared by ranges. */
const mostNumbers = 20;

/**
 * What differs between two cohorts of traces, the largest difference first: for each attribute of each service the
 * shares of its values among the traces that have it, and its score, the largest difference of one value's shares
 * (HyperDX's Event Deltas and Grafana's Traces Drilldown, after Honeycomb's BubbleUp, normalised on each side). Where
 * rather its being there differs, among traces with the service, its values are `(there)`, or the only value that it
 * has, and `(not there)`. Beside
 * attributes: which services and operations occur, and which route ran on which replica. Numbers of many values are
 * compared by ranges, each of an eighth of the baseline. Left out: identifiers, what is nearly unique, what too few have. Symptoms come
 * last. The order is total: the same traces give the same answer.
 */
export function whatDiffers(selection: readonly AnalyzedTrace[], baseline: readonly AnalyzedTrace[]): Ranked {
  if (selection.length === 0 || baseline.length === 0) return { attributes: [], leftOut: [] };
  const all = tallied(selection, baseline);
  const leftOut = new Map<string, LeftOut[number]>();
  const found: ComparedAttribute[] = [];
  for (const tally of all.tallies) {
    const compared = tally.key === pseudo.routeOnReplica ? routesOnReplicas(tally, all) : compare(tally, all);
    if (compared === null) continue;
    if (typeof compared === 'object') found.push(compared);
    else leftOut.set(tally.key, { key: tally.key, reason: compared });
  }
  const attributes = withoutEchoes(found)
    .filter(({ score }) => score >= leastScore)
    .sort(byWeight)
    .slice(0, mostAttributes);
  const named = new Set(attributes.map(({ key }) => key));
  return {
    attributes,
    leftOut: [...leftOut.values()].filter(({ key }) => !named.has(key)).sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

function compare(tally: Tally, all: Tallies): ComparedAttribute | LeftOut[number]['reason'] | null {
  const isPseudo = tally.scope === 'trace';
  if (!isPseudo) {
    const reason = reasonToLeaveOut(tally);
    if (reason) return reason;
  }
  const enough = hasEnough(tally, all);
  const byValue = enough ? valuesOf(tally, all) : null;
  const byPresence = isPseudo ? null : presenceOf(tally, all);
  const best = [byValue, byPresence].flatMap((one) => one ?? []).sort((a, b) => b.score - a.score)[0];
  if (best) return best;
  return isPseudo ? null : 'too_few';
}

function reasonToLeaveOut({ key, values, points }: Tally) {
  let total = 0;
  for (const { selection, baseline } of values.values()) total += selection + baseline;
  const examples: string[] = [];
  for (const value of values.keys()) {
    if (examples.push(value) >= 100) break;
  }
  return leftOutBecause({ key, distinct: values.size, total, examples, isNumeric: points !== null });
}

function hasEnough(tally: Counts, all: Counts): boolean {
  return (
    tally.selection >= Math.max(1, Math.min(leastTraces, all.selection)) &&
    tally.baseline >= Math.max(1, Math.min(leastTraces, all.baseline))
  );
}

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : Math.min(1, part / whole));
/** Ratios travel with four digits. */
const rounded = (share: number) => Math.round(share * 10_000) / 10_000;

function compared(
  { scope, service, key }: Pick<Tally, 'scope' | 'service' | 'key'>,
  of: Counts,
  counted: { value: string; counts: Counts; filter: string | null }[],
): ComparedAttribute {
  const values = counted
    .map(
      ({ value, counts, filter }): ComparedValue => ({
        value,
        selection: counts.selection,
        baseline: counts.baseline,
        selectionRatio: rounded(ratio(counts.selection, of.selection)),
        baselineRatio: rounded(ratio(counts.baseline, of.baseline)),
        filter,
      }),
    )
    .sort((a, b) => differenceOf(b) - differenceOf(a) || b.selection - a.selection || (a.value < b.value ? -1 : 1));
  const rest = values.slice(mostValues);
  const sum = (side: keyof Counts) =>
    Math.min(
      of[side],
      rest.reduce((total, value) => total + value[side], 0),
    );
  return {
    scope,
    service,
    key,
    score: rounded(differenceOf(values[0])),
    symptom: isSymptom(key),
    selection: of.selection,
    baseline: of.baseline,
    values: values.slice(0, mostValues),
    others: { values: rest.length, selection: sum('selection'), baseline: sum('baseline') },
  };
}

const differenceOf = (value: ComparedValue | undefined) =>
  value ? Math.abs(value.selectionRatio - value.baselineRatio) : 0;

function valuesOf(tally: Tally, all: Tallies): ComparedAttribute {
  const { scope, key, values, points, isStructured } = tally;
  if (points && values.size > mostNumbers) return compared(tally, tally, ranges(points, all.selection));
  const filterOf = (value: string) =>
    scope === 'trace' || isStructured || !canFormat({ key })
      ? null
      : formatFilter({ scope, key, operator: '=', value });
  return compared(
    tally,
    tally,
    [...values].map(([value, counts]) => ({ value, counts, filter: filterOf(value) })),
  );
}

/** Numbers in ranges of which each has about an eighth of the baseline, counted by trace. */
function ranges(points: readonly number[], lastOfSelection: number) {
  const usual: number[] = [];
  let highest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < points.length; index += 2) {
    const value = points[index] as number;
    highest = Math.max(highest, value);
    if ((points[index + 1] as number) > lastOfSelection) usual.push(value);
  }
  const sorted = Float64Array.from(usual).sort();
  const bounds = [
    ...new Set(
      Array.from({ length: mostValues - 1 }, (_, index) => {
        const rank = Math.ceil(((index + 1) / mostValues) * sorted.length) - 1;
        return sorted[Math.max(0, rank)] as number;
      }),
    ),
  ].filter((bound) => bound < highest);
  const counts = Array.from({ length: bounds.length + 1 }, () => ({ selection: 0, baseline: 0, last: 0 }));
  for (let index = 0; index < points.length; index += 2) {
    const [value, trace] = [points[index] as number, points[index + 1] as number];
    let range = 0;
    while (range < bounds.length && value > (bounds[range] as number)) range += 1;
    const own = counts[range] as (typeof counts)[number];
    if (own.last === trace) continue;
    own.last = trace;
    own[trace <= lastOfSelection ? 'selection' : 'baseline'] += 1;
  }
  return counts.map((own, index) => ({
    value: rangeName(bounds[index - 1], bounds[index]),
    counts: own,
    filter: null,
  }));
}

function rangeName(above: number | undefined, to: number | undefined): string {
  if (above === undefined) return to === undefined ? 'all' : `≤ ${to}`;
  return to === undefined ? `> ${above}` : `> ${above} to ${to}`;
}

const notThere = '(not there)';

/** Whether the attribute is there at all, which is said by its value where it has but one, among traces that have its service. */
function presenceOf(tally: Tally, { services, ...all }: Tallies): ComparedAttribute | null {
  const within = tally.service === null ? undefined : services.get(tally.service);
  if (!within || !hasEnough(within, all)) return null;
  const { scope, key } = tally;
  const only = tally.values.size === 1 && !tally.isStructured ? [...tally.values.keys()][0] : undefined;
  const there =
    scope === 'trace' || !canFormat({ key })
      ? null
      : formatFilter(
          only === undefined ? { scope, key, operator: 'exists' } : { scope, key, operator: '=', value: only },
        );
  const absent = {
    selection: within.selection - tally.selection,
    baseline: within.baseline - tally.baseline,
  };
  return compared(tally, { selection: within.selection, baseline: within.baseline }, [
    { value: only ?? '(there)', counts: tally, filter: there },
    { value: notThere, counts: absent, filter: null },
  ]);
}

/** Only where a service has several routes and several replicas does the pair say more than either. */
function routesOnReplicas(tally: Tally, all: Tallies): ComparedAttribute | null {
  const routes = new Set<string>();
  const replicas = new Set<string>();
  for (const pair of tally.values.keys()) {
    const at = pair.lastIndexOf(' on ');
    routes.add(pair.slice(0, at));
    replicas.add(pair.slice(at + 4));
  }
  return routes.size > 1 && replicas.size > 1 && hasEnough(tally, all) ? valuesOf(tally, all) : null;
}

const isPresence = ({ values }: ComparedAttribute) => values.some(({ value }) => value === notThere);

/**
 * Every attribute of an operation comes and goes with it: of those that are there in the same traces only the first is
 * told, and none where the operation itself is.
 */
function withoutEchoes(found: readonly ComparedAttribute[]): ComparedAttribute[] {
  const told = new Set<string>();
  const countsOf = (service: string | null, value: ComparedValue | undefined) =>
    `${service} ${value?.selection} ${value?.baseline}`;
  for (const one of found) {
    if (one.key !== pseudo.operation || one.scope !== 'trace') continue;
    for (const value of one.values) told.add(countsOf(one.service, value));
  }
  return found
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .filter((one) => {
      if (!isPresence(one)) return true;
      const counts = countsOf(
        one.service,
        one.values.find(({ value }) => value !== notThere),
      );
      if (told.has(counts)) return false;
      told.add(counts);
      return true;
    });
}

/** Of two that differ as much, what one can act on comes first. */
const telling = [pseudo.routeOnReplica, 'service.version', 'service.instance.id', 'http.route', pseudo.operation];
const rankOf = (key: string) => (telling.includes(key) ? telling.indexOf(key) : telling.length);

function byWeight(a: ComparedAttribute, b: ComparedAttribute): number {
  if (a.symptom !== b.symptom) return a.symptom ? 1 : -1;
  if (a.score !== b.score) return b.score - a.score;
  const [one, other] = [`${a.service ?? ''}\n${a.key}\n${a.scope}`, `${b.service ?? ''}\n${b.key}\n${b.scope}`];
  return rankOf(a.key) - rankOf(b.key) || (one < other ? -1 : 1);
}
