import { gridFor, type Labels, type Prometheus, type Series, selector } from '#lib/adapters/prometheus/index.ts';
import type { Context } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import type { TimePoint } from '#lib/core/time-range.ts';
import { db } from '#lib/db/index.ts';
import { authorize } from '#lib/facts/index.ts';
import { comparedWords, unitOf, windowIn } from './chart-rules.ts';
import { comparisonsOf } from './expression.ts';
import { findRule } from './find-rule.ts';
import type { AlertChart } from './schemas.ts';
import { type AlertRow, selectAlert } from './store.ts';
import * as verbs from './verbs.ts';
import { requireReach, unknownAlert } from './view.ts';

const mostSeries = 20;
const aroundMs = 3_600_000;
const longestMs = 400 * 86_400_000;

interface Range {
  fromMs: number;
  toMs: number;
}

/**
 * What an alert watches over a range, with its threshold: the compared side of its rule, a burn rate in times of the
 * pace that the objective allows; where nothing is compared with a number, when it fired.
 */
export async function chartAlert({
  ctx,
  fingerprint,
  query,
}: {
  ctx: Context;
  fingerprint: string;
  query: { from?: TimePoint; to?: TimePoint; width?: number };
}): Promise<AlertChart> {
  const actor = await authorize(ctx, verbs.listAlerts);
  const row = await selectAlert(db(), fingerprint);
  if (!row) throw unknownAlert(fingerprint);
  requireReach(actor, row);
  const { rule, engine, problem } = await findRule(row, ctx.signal);
  const range = rangeOf(row, query, ctx.clock.now());
  const scrapeIntervalMs = engine?.source.scrapeIntervalMs ?? 15_000;
  const grid = gridFor({ ...range, widthPx: query.width ?? 600, scrapeIntervalMs });
  const base: AlertChart = {
    title: row.summary || row.name,
    unit: 'count',
    grid: { from: iso(grid.fromMs), to: iso(grid.toMs), stepMs: grid.stepMs },
    series: [],
    threshold: null,
    problem,
  };
  if (!engine) return base;
  try {
    const drawn = await draw(engine, row, rule?.expression ?? null, grid, ctx.signal);
    return { ...base, ...drawn, problem: drawn.series.length > 0 ? null : (problem ?? 'It has no data in this time.') };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...base, problem: error.detail };
  }
}

const iso = (ms: number) => new Date(ms).toISOString();

/** The asked range; an hour before the firing until now, or until an hour after its end, where none is. */
function rangeOf(row: AlertRow, { from, to }: { from?: TimePoint; to?: TimePoint }, now: Date): Range {
  const nowMs = now.getTime();
  const at = (point: TimePoint) => (point.kind === 'absolute' ? point.atMs : nowMs - point.agoMs);
  const endMs = row.resolved_at ? row.resolved_at.getTime() + aroundMs : nowMs;
  const toMs = Math.min(to ? at(to) : endMs, nowMs);
  const fromMs = from ? at(from) : Math.min(row.starts_at.getTime(), toMs) - aroundMs;
  const problem = (message: string) =>
    new AppError('request.invalid', `from: ${message}`, { errors: [{ path: 'from', code: 'range', message }] });
  if (fromMs >= toMs) throw problem('must be before to, and not in the future');
  if (toMs - fromMs > longestMs) throw problem('must be at most 400 days before to');
  return { fromMs: Math.min(fromMs, toMs - 60_000), toMs };
}

type Drawn = Pick<AlertChart, 'unit' | 'series' | 'threshold'>;
type Grid = Range & { stepMs: number };

async function draw(
  engine: Prometheus,
  row: AlertRow,
  expression: string | null,
  grid: Grid,
  signal?: AbortSignal,
): Promise<Drawn> {
  const comparisons = expression === null ? [] : comparisonsOf(expression);
  const burning = comparisons.filter(({ burn }) => burn !== null);
  const compared = burning.length > 0 ? burning : comparisons.slice(0, 1);
  const [first] = compared;
  if (!first) return firings(engine, row, grid, signal);
  const answers = await Promise.all(
    compared.map(({ left, burn }) =>
      engine.rangeQuery(burn ? `(${left}\n) / (1 - ${burn.target})` : left, grid, { signal, staleIfError: true }),
    ),
  );
  const series = answers.flatMap(({ series: found }, index) =>
    ofAlert(found, row.labels).map(({ labels, points }) => ({
      name: (first.burn && windowIn(compared[index]?.left ?? '')) || nameOf(labels),
      labels: { ...labels },
      values: points.map(([, value]) => (value !== null && Number.isFinite(value) ? value : null)),
    })),
  );
  return {
    unit: first.burn ? 'times' : unitOf(first.left, first.threshold),
    series: series.slice(0, mostSeries),
    threshold: first.burn
      ? { value: first.burn.factor, label: `${first.burn.factor} times the pace that the objective allows` }
      : { value: first.threshold, label: `fires ${comparedWords(first)}` },
  };
}

/** Those series of an expression whose labels the alert has. */
function ofAlert(series: readonly Series[], labels: Labels): Series[] {
  const fits = series.filter((one) =>
    Object.entries(one.labels).every(([label, value]) => label === '__name__' || labels[label] === value),
  );
  return fits.slice(0, mostSeries);
}

const nameOf = (labels: Labels) => labels.__name__ ?? (Object.values(labels).join(' ') || 'value');

/** When it was pending and firing, as Prometheus itself keeps it. */
async function firings(engine: Prometheus, row: AlertRow, grid: Grid, signal?: AbortSignal): Promise<Drawn> {
  const own = Object.entries(row.labels).map(([label, value]) => [label, '=', value] as const);
  const { series } = await engine.rangeQuery(selector('ALERTS', own), grid, { signal, staleIfError: true });
  return {
    unit: 'count',
    series: series.slice(0, mostSeries).map(({ labels, points }) => ({
      name: labels.alertstate ?? 'firing',
      labels: { alertstate: labels.alertstate ?? '' },
      values: points.map(([, value]) => value),
    })),
    threshold: null,
  };
}
