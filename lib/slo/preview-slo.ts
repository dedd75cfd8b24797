import { Limiter, SharedCache } from '#lib/adapters/prometheus/cache.ts';
import { type Prometheus, union } from '#lib/adapters/prometheus/index.ts';
import { config } from '#lib/core/config.ts';
import type { Context } from '#lib/core/context.ts';
import { AppError, parseInput } from '#lib/core/errors.ts';
import { canonicalJson, sha256 } from '#lib/core/hash.ts';
import { once } from '#lib/core/registry.ts';
import { authorize, weighScope } from '#lib/facts/index.ts';
import { engineFor } from '#lib/telemetry/index.ts';
import { figuresOf } from './budget-rules.ts';
import { checkSource } from './check-source.ts';
import { historyOf, historyStep, type LedgerColumns, leadOf } from './history-rules.ts';
import { type CompiledIndicator, compileIndicator } from './indicator.ts';
import { costOf } from './preview-cost.ts';
import { asReplay, previewBuckets, previewMinutes } from './preview-history.ts';
import { readOneSlo } from './read-source.ts';
import { allowedBad, replay, replaySentences } from './replay-rules.ts';
import { type SloDefinition, type SloPreview, type SloProblem, sloPreviewInput } from './schemas.ts';
import { length } from './sentence-rules.ts';
import { tierProblems } from './tier-problems.ts';
import * as verbs from './verbs.ts';
import { bucketMs, dayMs, hourMs, minuteMs, windowAt } from './window-rules.ts';

/** How long a replay may take, and how many run at once in a process. */
const longestMs = 45_000;
const mostAtOnce = 2;
const keptMs = 15_000;
/** Samples that one question may make Prometheus read: it refuses 50 million at once. */
const mostSamples = 40_000_000;
/** Looks at series when it goes by minutes. */
const mostLooks = 5_000_000;

/**
 * Replays a definition over history before it is saved: its SLI, its budget, and when its alerts would have fired.
 * `slo.invalid` for what cannot be read; `source.…` (503) while the metrics source does not answer. The same preview
 * asked for by several at once is made once.
 */
export async function previewSlo({
  ctx,
  environment = config().QD_DEFAULT_ENVIRONMENT,
  input,
}: {
  ctx: Context;
  /** Of text that names none. */
  environment?: string;
  input: unknown;
}): Promise<SloPreview> {
  await authorize(ctx, verbs.previewSlo);
  const { source, days } = parseInput(sloPreviewInput, input ?? {});
  const { definition, warnings } = readOneSlo(source, environment);
  await weighScope(ctx, verbs.previewSlo, { environment: definition.environment, services: [definition.service] });
  const { prometheus: engine } = await engineFor(definition.environment, ctx.signal);
  const shared = once('slo.previews', () => ({
    cache: new SharedCache({ maxEntries: 50, maxWeight: 50 }),
    limiter: new Limiter(mostAtOnce),
  }));
  const key = sha256(canonicalJson([definition, days]));
  const make = (signal: AbortSignal) =>
    shared.limiter.run(
      () => withinTime(signal, (both) => makePreview(definition, days, engine, ctx.clock.now(), both)),
      signal,
    );
  const { value } = await shared.cache.get(key, make, { ttlMs: keptMs, ...(ctx.signal && { signal: ctx.signal }) });
  const said = new Set(value.warnings.map(({ code, message }) => `${code} ${message}`));
  return {
    ...value,
    warnings: [...warnings.filter(({ code, message }) => !said.has(`${code} ${message}`)), ...value.warnings],
  };
}

async function withinTime<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const timeout = AbortSignal.timeout(longestMs);
  try {
    return await work(AbortSignal.any([signal, timeout]));
  } catch (error) {
    if (!timeout.aborted || signal.aborted) throw error;
    throw new AppError('source.timeout', `The replay took longer than ${longestMs / 1_000} s. Ask for fewer days.`, {
      cause: error,
    });
  }
}

async function makePreview(
  definition: SloDefinition,
  days: number,
  engine: Prometheus,
  now: Date,
  signal: AbortSignal,
): Promise<SloPreview> {
  const indicator = compileIndicator(definition, engine.source);
  const ask = { prometheus: engine, indicator, signal };
  const [series, checked] = await Promise.all([countSeries(ask), checkSource(definition, { signal })]);
  const toMs = Math.floor(now.getTime() / bucketMs) * bucketMs;
  const wantedMs = toMs - days * dayMs;
  const affordableMs = (mostSamples / Math.max(1, series)) * engine.source.scrapeIntervalMs;
  const fromMs = Math.max(wantedMs, Math.floor((toMs - Math.max(hourMs, affordableMs / 2)) / bucketMs) * bucketMs);
  const leadMs = Math.max(leadOf(definition, fromMs, false), toMs - affordableMs);
  const buckets = await previewBuckets({ fromMs: Math.floor(leadMs / bucketMs) * bucketMs, toMs }, ask);
  const knownFromMs = buckets.startMs[0] ?? null;
  const longest = Math.max(0, fromMs - leadOf({ ...definition, window: { kind: 'rolling', days: 1 } }, fromMs, true));
  const span = { fromMs: Math.max(fromMs - longest, knownFromMs ?? fromMs), toMs };
  const byMinutes = ((span.toMs - span.fromMs) / minuteMs) * Math.max(1, series) <= mostLooks;
  const columns = byMinutes && knownFromMs !== null ? await previewMinutes(span, ask) : asReplay(buckets);

  const firings = replay(definition, columns, fromMs, allowed(definition, buckets));
  const figures = figuresFor(definition, buckets, toMs);
  const stepMs = historyStep(toMs - fromMs);
  const grid = { fromMs: Math.ceil(fromMs / stepMs) * stepMs, toMs: Math.ceil(toMs / stepMs) * stepMs, stepMs };
  const charts = historyOf({
    definition,
    ledger: buckets,
    ledgerFromMs: knownFromMs,
    untilMs: toMs,
    grid,
    burnDown: null,
  });
  const generatedUntil = config().QD_GENERATED_HISTORY_UNTIL;
  const isGenerated = generatedUntil !== undefined && Date.parse(generatedUntil) > fromMs;
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    figures,
    history: { ...charts, generatedUntil: isGenerated ? generatedUntil : null, exclusions: [] },
    firings: firings.map(({ tier, fromMs: from, toMs: to, budgetSpent }) => ({
      severity: tier.severity,
      longMs: tier.longMs,
      shortMs: tier.shortMs,
      from: new Date(from).toISOString(),
      to: to === null ? null : new Date(to).toISOString(),
      budgetSpent,
    })),
    sentences: replaySentences(definition, firings, { fromMs: Math.max(fromMs, knownFromMs ?? fromMs), toMs }, figures),
    cost: costOf(definition, indicator, series, engine.source.scrapeIntervalMs),
    warnings: [
      ...tierProblems(definition, {}),
      ...checked.problems,
      ...aboutHistory(definition, { fromMs, wantedMs, toMs, knownFromMs, byMinutes, series }),
    ],
  };
}

/** Series that the indicator reads now. */
async function countSeries({
  prometheus: engine,
  indicator,
  signal,
}: {
  prometheus: Prometheus;
  indicator: CompiledIndicator;
  signal: AbortSignal;
}) {
  if (indicator.selectors.length === 0) return 0;
  const { series } = await engine.instantQuery(`count(${union(indicator.selectors)})`, { signal });
  return series[0]?.points.at(-1)?.[1] ?? 0;
}

const sumOf = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

const allowed = (definition: SloDefinition, { total, unitMs }: LedgerColumns) =>
  allowedBad(definition, sumOf(total), total.length * unitMs);

/** Over its own window, as far as history reaches. */
function figuresFor(definition: SloDefinition, buckets: LedgerColumns, toMs: number): SloPreview['figures'] {
  const { window, target, gapPolicy } = definition;
  const { fromMs, endsMs } = windowAt(window, window.kind === 'rolling' ? toMs : toMs - 1);
  const first = buckets.startMs.findIndex((startMs) => startMs >= fromMs);
  if (first < 0) return null;
  const total = buckets.total.slice(first);
  const sums = {
    good: sumOf(buckets.good.slice(first)),
    total: sumOf(total),
    knownMs: total.length * buckets.unitMs,
    approximate: true,
  };
  const ledgerFromMs = buckets.startMs[0] ?? null;
  return figuresOf({ sums, fromMs, untilMs: toMs, endsMs, ledgerFromMs, target, gapPolicy });
}

interface Reach {
  fromMs: number;
  wantedMs: number;
  toMs: number;
  knownFromMs: number | null;
  byMinutes: boolean;
  series: number;
}

function aboutHistory(definition: SloDefinition, reach: Reach): SloProblem[] {
  const { fromMs, wantedMs, toMs, knownFromMs, byMinutes, series } = reach;
  const warn = (code: string, message: string): SloProblem => ({
    level: 'warning',
    code,
    line: null,
    column: null,
    path: '',
    message,
  });
  const found: SloProblem[] = [];
  if (knownFromMs === null) {
    found.push(warn('slo.preview_no_history', 'There is no history to replay: nothing of it was measured yet.'));
    return found;
  }
  if (fromMs > wantedMs) {
    const message = `It reads ${series.toLocaleString('en')} series, so only ${length(wholeUnits(toMs - fromMs))} of history are replayed.`;
    found.push(warn('slo.preview_shortened', message));
  }
  if (!byMinutes) {
    const message = 'With so many series alerts are replayed in steps of five minutes: short ones may be missed.';
    found.push(warn('slo.preview_coarse', message));
  }
  const window = windowAt(definition.window, toMs - 1);
  if (knownFromMs > Math.max(window.fromMs, 0) + hourMs) {
    const reached = length(wholeUnits(toMs - knownFromMs));
    const message = `History reaches back only ${reached}, less than its window: figures are of that time, and long windows of alerts were filled by it alone.`;
    found.push(warn('slo.preview_short_history', message));
  }
  return found;
}

/** Days from two on, else hours: `22 d`, `5 h`. */
function wholeUnits(ms: number): number {
  const unitMs = ms >= 2 * dayMs ? dayMs : hourMs;
  return Math.max(1, Math.round(ms / unitMs)) * unitMs;
}
