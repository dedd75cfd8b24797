import {
  alignGrid,
  type Grid,
  isPrometheusError,
  pointCount,
  redSparkline,
  type Series,
  serviceLabel,
  sourceLabel,
  statLabel,
} from '#lib/adapters/prometheus/index.ts';
import { once } from '#lib/core/registry.ts';
import { type Engine, scopeOf, windowOf } from './engine.ts';
import { errorRatioOf } from './figures.ts';
import { figure } from './provenance.ts';
import type { ServiceSummary } from './schemas.ts';

const lengthMs = 3_600_000;
const stepMs = 60_000;
/** Steps that are asked for again: their last samples may not have been in. */
const repeated = 1;

type Values = (number | null)[];
type Stats = Partial<Record<string, Values>>;

/** Lines by service and source, each value at a step of the grid. */
export interface Sparklines {
  grid: Grid;
  lines: ReadonlyMap<string, Stats>;
}

interface Held {
  sparklines: Sparklines | null;
  next: Promise<Sparklines> | null;
}

const held = (engine: Engine): Held => {
  const all = once('telemetry.sparklines', () => new Map<string, Held>());
  const key = `${engine.prometheus.source.url}|${engine.environment}`;
  const found = all.get(key) ?? { sparklines: null, next: null };
  all.set(key, found);
  return found;
};

/**
 * The last hour of every service, a value a minute. Asked for whole once; afterwards only for the minutes that are
 * new, because an hour of many services is by far the dearest query of the overview.
 */
export async function sparklinesOf(engine: Engine, nowMs: number): Promise<Sparklines> {
  const grid = alignGrid({ fromMs: nowMs - lengthMs, toMs: nowMs, stepMs });
  const state = held(engine);
  if (state.sparklines?.grid.toMs === grid.toMs) return state.sparklines;
  state.next ??= load(engine, grid, state.sparklines)
    .then((sparklines) => {
      state.sparklines = sparklines;
      return sparklines;
    })
    .finally(() => {
      state.next = null;
    });
  return state.next;
}

/** What is there already, if it is not too old to stand beside the figures of now. */
export function sparklinesSoFar(engine: Engine, nowMs: number): Sparklines | null {
  const { sparklines } = held(engine);
  return sparklines && nowMs - sparklines.grid.toMs <= lengthMs / 4 ? sparklines : null;
}

async function load(engine: Engine, grid: Grid, before: Sparklines | null): Promise<Sparklines> {
  const query = redSparkline(engine.sources, scopeOf(engine, windowOf(engine)));
  const missing = before ? (grid.toMs - before.grid.toMs) / stepMs : Number.POSITIVE_INFINITY;
  const wanted =
    missing < pointCount(grid) / 2 ? { ...grid, fromMs: grid.toMs - (missing + repeated - 1) * stepMs } : grid;
  try {
    const { series } = await engine.prometheus.rangeQuery(query, wanted);
    return { grid, lines: append(before, readLines(series), grid, pointCount(wanted)) };
  } catch (error) {
    if (wanted !== grid || !isPrometheusError(error) || !tooMuch.has(error.kind)) throw error;
    // An hour of this many services is more than the engine gives at once: begin with some minutes and let it grow.
    const short = { ...grid, fromMs: grid.toMs - 9 * stepMs };
    const { series } = await engine.prometheus.rangeQuery(query, short);
    return { grid, lines: append(null, readLines(series), grid, pointCount(short)) };
  }
}

const tooMuch = new Set(['timeout', 'query_timeout', 'too_large']);

function readLines(series: readonly Series[]): Map<string, Stats> {
  const lines = new Map<string, Stats>();
  for (const { labels, points } of series) {
    const key = `${labels[serviceLabel]}|${labels[sourceLabel]}`;
    const stats = lines.get(key) ?? {};
    stats[labels[statLabel] ?? ''] = points.map(([, value]) => value);
    lines.set(key, stats);
  }
  return lines;
}

/** Puts fresh values behind those that are kept, each at its place on the new grid. */
function append(
  before: Sparklines | null,
  fresh: Map<string, Stats>,
  grid: Grid,
  freshCount: number,
): Map<string, Stats> {
  const kept = pointCount(grid) - freshCount;
  const shift = before ? Math.round((grid.fromMs - before.grid.fromMs) / stepMs) : 0;
  const merged = new Map<string, Stats>();
  for (const key of new Set([...(before?.lines.keys() ?? []), ...fresh.keys()])) {
    const [old = {}, now = {}] = [before?.lines.get(key), fresh.get(key)];
    const stats: Stats = {};
    for (const stat of new Set([...Object.keys(old), ...Object.keys(now)])) {
      const values: Values = Array.from({ length: kept }, (_, i) => old[stat]?.[i + shift] ?? null);
      stats[stat] = values.concat(now[stat] ?? new Array<null>(freshCount).fill(null));
    }
    if (stats.rate?.some((value) => value !== null)) merged.set(key, stats);
  }
  return merged;
}

/** The line of one service, as it travels. */
export function sparklineOf(
  sparklines: Sparklines | null,
  service: string,
  source: string,
): ServiceSummary['sparkline'] {
  const stats = sparklines?.lines.get(`${service}|${source}`);
  const rate = stats?.rate;
  if (!rate) return null;
  return {
    rate: rate.map(figure),
    errorRatio: rate.map((value, i) =>
      value === null || Number.isNaN(value) ? null : errorRatioOf(stats.errors?.[i] || 0, value),
    ),
    p95Ms: rate.map((_, i) => {
      const seconds = stats.p95?.[i];
      return seconds === null || seconds === undefined ? null : figure(seconds * 1_000);
    }),
  };
}
