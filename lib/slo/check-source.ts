import {
  isPrometheusError,
  type Matcher,
  type Prometheus,
  prometheusSources,
  selector,
  union,
  withLabel,
} from '#lib/adapters/prometheus/index.ts';
import { engineFor } from '#lib/telemetry/index.ts';
import { tiersOf } from './burn-rules.ts';
import { readCounterQuery } from './counter-query.ts';
import { evidenceFor } from './indicator/evidence.ts';
import { anySpelling, narrow, textOf } from './indicator/narrow.ts';
import { type CompiledIndicator, compileIndicator } from './indicator.ts';
import { shorthand } from './openslo/durations.ts';
import type { Places } from './openslo/index.ts';
import type { SloDefinition, SloProblem, SloValidation } from './schemas.ts';
import { findSightings, sightingsByPlace } from './sightings.ts';
import { nearestBounds } from './templates.ts';
import { problemAt } from './tier-problems.ts';

/** Beyond so many series the events of an SLO are not counted from raw samples. */
export const mostExactSeries = 2_000;
const hourMs = 3_600_000;
const indexLabel = 'qd_selector';

export interface SourceCheck {
  problems: SloProblem[];
  found: SloValidation['found'];
}

/**
 * Holds a definition against the metrics that are there now: whether its selectors find series, its threshold is a
 * bucket, a better place is known to measure it, how many series and how much traffic there is. A metrics source that
 * does not answer is a warning, and `found` is null.
 */
export async function checkSource(
  definition: SloDefinition,
  { places = {}, signal }: { places?: Places; signal?: AbortSignal } = {},
): Promise<SourceCheck> {
  const say = (name: keyof Places, level: SloProblem['level'], code: string, message: string) =>
    problemAt(places, name, level, code, message);
  if (prometheusSources().length === 0) {
    const message = 'No metrics source is configured, so that nothing could be looked up. Set PROMETHEUS_URL.';
    return { problems: [say('slo', 'warning', 'slo.source_away', message)], found: null };
  }
  try {
    return await lookUp(definition, say, signal);
  } catch (error) {
    if (!isPrometheusError(error)) throw error;
    const name = 'query' in definition.indicator ? 'query' : 'total';
    if (!error.isOutage && error.kind !== 'aborted') {
      const message = `The metrics source refuses the expression: ${error.detail}`;
      return { problems: [say(name, 'error', 'slo.query_refused', message)], found: null };
    }
    const message = `The metrics source does not answer, so that nothing could be looked up: ${error.detail}`;
    return { problems: [say('slo', 'warning', 'slo.source_away', message)], found: null };
  }
}

type Say = (name: keyof Places, level: SloProblem['level'], code: string, message: string) => SloProblem;

async function lookUp(definition: SloDefinition, say: Say, signal: AbortSignal | undefined): Promise<SourceCheck> {
  const { prometheus, matchers } = await engineFor(definition.environment, signal);
  const within = matchers[0] ?? null;
  const compiled = compileIndicator(definition, prometheus.source);
  const ask = askWith(prometheus, signal);
  const parts = partsOf(definition, within, compiled);
  const counts = await ask(
    parts.flatMap(({ selectors, evidence }) => [...selectors, ...evidence].map((one) => `count(${one})`)),
  );
  let next = 0;
  const counted = parts.map((part) => ({
    ...part,
    series: part.selectors.map(() => counts[next++] ?? 0),
    vouched: part.evidence.map(() => counts[next++] ?? 0),
  }));
  const seriesOf = (role: Part['role']) =>
    sum(counted.filter((part) => part.role === role).flatMap(({ series }) => series));
  const seriesTotal = seriesOf('total');
  const seriesGood = seriesOf('part');
  const problems = [
    ...(await Promise.all(counted.map((part) => aboutPart(part, seriesTotal, prometheus, say, signal)))).flat(),
    ...(await betterPlace(definition, say, signal)),
  ];
  if (seriesTotal + seriesGood > mostExactSeries) {
    const many = (seriesTotal + seriesGood).toLocaleString('en');
    const message = `It reads ${many} series. Above ${mostExactSeries.toLocaleString('en')} events are counted by increase() and marked approximate: name a job or a route.`;
    problems.push(say('total', 'warning', 'slo.many_series', message));
  }
  const ratePerSecond = await rateOf(compiled, ask, seriesTotal, problems, say);
  problems.push(...lowTraffic(definition, compiled, ratePerSecond, say));
  return { problems, found: { seriesTotal, seriesGood, ratePerSecond } };
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

/** Asks several expressions of one series each at once; null where one gives nothing. */
const askWith =
  (prometheus: Prometheus, signal: AbortSignal | undefined) =>
  async (expressions: readonly string[]): Promise<(number | null)[]> => {
    if (expressions.length === 0) return [];
    const arms = expressions.map((expression, index) => withLabel(expression, indexLabel, String(index)));
    const { series } = await prometheus.instantQuery(union(arms), { signal });
    const values = new Map(series.map(({ labels, points }) => [labels[indexLabel], points.at(-1)?.[1] ?? null]));
    return expressions.map((_, index) => values.get(String(index)) ?? null);
  };

interface Part {
  role: 'part' | 'total';
  place: keyof Places;
  selectors: string[];
  /** While the selectors find nothing, that is 0 where one of these finds series. */
  evidence: string[];
  /** Selectors that name the bound of a bucket, as the person wrote it. */
  bounds: { metric: string; matchers: Matcher[]; bound: string }[];
}

function partsOf({ indicator }: SloDefinition, within: Matcher | null, compiled: CompiledIndicator): Part[] {
  if (indicator.kind !== 'ratio') {
    return [{ role: 'total', place: 'query', selectors: compiled.selectors, evidence: [], bounds: [] }];
  }
  const place = indicator.bad === null ? 'good' : 'bad';
  if (!indicator.counter) {
    return [{ role: 'total', place: 'total', selectors: compiled.selectors, evidence: [], bounds: [] }];
  }
  const total = readCounterQuery(indicator.total);
  const part = readCounterQuery(indicator.bad ?? indicator.good ?? '');
  const narrowed = (terms: typeof total) =>
    terms.map((term) => ({ ...term, selectors: term.selectors.map((one) => narrow(one, within)) }) as typeof term);
  const evidence = narrowed(part).flatMap(({ selectors }) =>
    selectors.flatMap((one) => evidenceFor(one, narrowed(total))),
  );
  const listed = (terms: typeof total) =>
    terms.flatMap(({ selectors }) => selectors.map((one) => textOf(narrow(one, within))));
  const bounds = part.flatMap(({ selectors }) =>
    selectors.flatMap(({ metric, matchers }) => {
      const bound = matchers.find(([label, operator]) => label === 'le' && operator === '=')?.[2];
      const others = matchers.filter(([label]) => label !== 'le');
      return bound === undefined ? [] : [{ ...narrow({ metric, matchers: others }, within), bound }];
    }),
  );
  return [
    { role: 'part', place, selectors: listed(part), evidence: evidence.map(textOf), bounds },
    { role: 'total', place: 'total', selectors: listed(total), evidence: [], bounds: [] },
  ];
}

/** What is to be said of selectors that find nothing. */
async function aboutPart(
  part: Part & { series: number[]; vouched: number[] },
  seriesTotal: number,
  prometheus: Prometheus,
  say: Say,
  signal: AbortSignal | undefined,
): Promise<SloProblem[]> {
  const missing = await missingBucket(part, prometheus, say, signal);
  if (missing) return [missing];
  const isRenamed = part.evidence.length > 0 && part.vouched.every((count) => count === 0);
  if (part.role === 'part' && isRenamed && seriesTotal > 0 && sum(part.series) >= seriesTotal) {
    const message = `No series of the total carries the labels that tell ${part.place} events apart, so that every event is taken for ${part.place}. Look for other names of the labels.`;
    return [say(part.place, 'warning', 'slo.label_absent', message)];
  }
  const nothing = part.selectors.filter((_, index) => part.series[index] === 0);
  if (nothing.length === 0) return [];
  const what = nothing.slice(0, 3).join(', ');
  if (part.role === 'total' || seriesTotal === 0) {
    const message = `Nothing is found for ${what}. Until there is, the state of this SLO is "no data".`;
    return [say(part.place, 'warning', 'slo.no_series', message)];
  }
  if (part.evidence.length > 0 && part.vouched.some((count) => count > 0)) return [];
  if (sum(part.series) > 0) return [];
  const why =
    part.evidence.length > 0
      ? 'and no series of the total carries its labels, so that they may have other names'
      : 'and nothing tells whether it has not happened yet or has another name';
  const message = `Nothing is found for ${what}, ${why}. Until it is, the state of this SLO is "no data": let the counter start at 0, or tell ${part.place} from total by a label.`;
  return [say(part.place, 'warning', 'slo.no_series', message)];
}

async function missingBucket(
  { bounds, place }: Part,
  prometheus: Prometheus,
  say: Say,
  signal: AbortSignal | undefined,
): Promise<SloProblem | null> {
  for (const { metric, matchers, bound } of bounds) {
    const { series } = await prometheus.instantQuery(`count by (le) (${selector(metric, matchers)})`, { signal });
    const existing = series.flatMap(({ labels: { le } }) => (le === undefined ? [] : [le]));
    const [, , wanted] = anySpelling(['le', '=', bound]);
    const spelt = new RegExp(`^(?:${wanted})$`);
    if (existing.length === 0 || existing.some((le) => le === bound || spelt.test(le))) continue;
    const nearest = nearestBounds(
      existing.filter((le) => le !== '+Inf'),
      Number(bound),
    );
    const message = `le="${bound}" is no bucket of ${metric}. There are, nearest first: ${nearest.slice(0, 20).join(', ')}.`;
    return say(place, 'error', 'slo.no_bucket', message);
  }
  return null;
}

/** Availability that a service counts itself costs nothing while it is dead. */
async function betterPlace(
  definition: SloDefinition,
  say: Say,
  signal: AbortSignal | undefined,
): Promise<SloProblem[]> {
  const { measuredAt, category, environment, service } = definition;
  if (measuredAt !== 'service' || category !== 'availability') return [];
  const sightings = await findSightings(environment, service, signal);
  const best = sightingsByPlace(sightings)[0]?.[0];
  const elsewhere = best && best.place !== 'service' ? best : null;
  if (!elsewhere && !sightings.probe) return [];
  const names = elsewhere?.callers.slice(0, 5).join(', ');
  const where =
    elsewhere?.place === 'caller'
      ? `Its callers${names ? ` (${names})` : ''} count it, too (${elsewhere.source.title})`
      : elsewhere
        ? `The proxy before it counts it, too (${elsewhere.source.title})`
        : 'A probe looks at it, too (probe_success)';
  const message = `It is measured at ${service} itself, which counts nothing while it is down: a dead service would cost no budget. ${where}; there is a template for it.`;
  return [say('measuredAt', 'warning', 'slo.better_place', message)];
}

async function rateOf(
  compiled: CompiledIndicator,
  ask: ReturnType<typeof askWith>,
  seriesTotal: number,
  problems: SloProblem[],
  say: Say,
): Promise<number | null> {
  const [total = null, bad = null] = await ask([compiled.totalRate(hourMs), compiled.badRate(hourMs)]);
  const isSilent =
    seriesTotal > 0 && total !== null && bad === null && !problems.some(({ level }) => level === 'error');
  if (isSilent && problems.every(({ code }) => code !== 'slo.no_series')) {
    const message = 'There are events, but what is bad among them cannot be told: the state of this SLO is "no data".';
    problems.push(say('bad', 'warning', 'slo.no_series', message));
  }
  return total === null || !Number.isFinite(total) ? null : Number(total.toPrecision(6));
}

/** So little traffic that one failure alone burns fast enough for an alert. */
function lowTraffic(
  definition: SloDefinition,
  { kind }: CompiledIndicator,
  ratePerSecond: number | null,
  say: Say,
): SloProblem[] {
  if (!ratePerSecond) return [];
  const { target, alerting } = definition;
  const [first] = tiersOf(definition);
  if (!first) return [];
  const events = (ratePerSecond * first.longMs) / 1_000;
  if (events * first.factor * (1 - target) >= 1) return [];
  const unit = { events: 'events', samples: 'samples', slices: 'slices' }[kind];
  const burn = Number((1 / events / (1 - target)).toPrecision(2));
  const guard =
    alerting.minFailures > 1
      ? `An alert waits for ${alerting.minFailures} failures, and one on few failures over a long time comes with it.`
      : 'Nothing guards against it: set quarterdeck.dev/min-failures.';
  const message = `There is little traffic: about ${Number(events.toPrecision(2))} ${unit} in ${shorthand(first.longMs)}. One failure alone burns the budget at ${burn} ×, above the ${Number(first.factor.toPrecision(4))} × of the first alert. ${guard}`;
  return [say('target', 'warning', 'slo.low_traffic', message)];
}
