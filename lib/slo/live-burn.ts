import {
  environmentMatcher,
  type Labels,
  type Matcher,
  type Series,
  selector,
} from '#lib/adapters/prometheus/index.ts';
import { AppError } from '#lib/core/errors.ts';
import { once } from '#lib/core/registry.ts';
import { recordedMetric, windowName } from './burn-rules.ts';
import { engineOf } from './engine-of.ts';
import { hourMs, minuteMs } from './window-rules.ts';

/** Events per second over a window, as recorded. */
export interface Rates {
  bad: number;
  total: number;
}

export interface LiveAlert {
  /** `SLOBurnRate` and the like. */
  name: string;
  severity: 'page' | 'ticket';
  /** As its labels name them: `1h`, `5m`; none for alerts without windows. */
  longWindow: string | null;
  shortWindow: string | null;
  sinceMs: number | null;
}

export interface LiveSlo {
  /** By window in ms. A window without a value has no data. */
  rates: Map<number, Rates>;
  alerts: LiveAlert[];
}

/** What the rules of an environment's SLOs say now. */
export interface LiveBurn {
  asOfMs: number;
  /** Why it could not be asked; then nothing is known, which is not the same as quiet. */
  error: string | null;
  slos: ReadonlyMap<string, LiveSlo>;
}

/** The windows that a list needs: how it burns at this moment, and whether that lasts. */
export const listWindowsMs = [5 * minuteMs, hourMs];
/** How long a screen waits for what it can do without. */
const waitMs = 2_000;
const waitWhileFailingMs = 300;

/**
 * Burn rates and firing alerts of all SLOs of an environment by ONE upstream query, shared by all viewers for the scrape
 * interval. Never throws: a source that is away is said in `error`.
 */
export function liveBurn(environment: string): Promise<LiveBurn> {
  return ask(environment, [...recorded(listWindowsMs), 'ALERTS', 'ALERTS_FOR_STATE'], null);
}

/** Burn rates of one SLO over the windows that the list leaves out: one more query. */
export function liveBurnOf(environment: string, slo: string, windowsMs: readonly number[]): Promise<LiveBurn> {
  return ask(environment, recorded(windowsMs), slo);
}

const recorded = (windowsMs: readonly number[]) =>
  windowsMs.flatMap((ms) => [recordedMetric('bad', ms), recordedMetric('total', ms)]);

async function ask(environment: string, names: readonly string[], slo: string | null): Promise<LiveBurn> {
  const nothing = { asOfMs: Date.now(), slos: new Map<string, LiveSlo>() };
  try {
    const engine = engineOf(environment);
    const narrowed = environmentMatcher(engine.source, environment) ?? null;
    const named: Matcher = slo === null ? ['slo', '!=', ''] : ['slo', '=', slo];
    const query = selector('', [['__name__', '=~', names.join('|')], named, narrowed]);
    const asked = engine.instantQuery(query);
    // Who asked may go on without it; the answer still comes for the next.
    asked.catch(() => {});
    const patience = engine.health().state === 'failing' ? waitWhileFailingMs : waitMs;
    const answer = await Promise.race([asked, sleep(patience)]);
    if (!answer) {
      const error = `${engine.source.name} has not answered within ${patience / 1_000} s.`;
      return { ...nothing, error: engine.health().lastError ?? error };
    }
    return { asOfMs: answer.asOfMs, error: null, slos: readOnce(answer.series) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...nothing, error: error.detail };
  }
}

const sleep = (ms: number) => new Promise<null>((resolve) => setTimeout(resolve, ms, null).unref());

const lengths = { s: 1_000, m: minuteMs, h: hourMs, d: 24 * hourMs } as const;

/** `90m` as ms; null for what is no window. */
export function windowMsOf(name: string | undefined): number | null {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(name ?? '') ?? [];
  return amount && unit ? Number(amount) * lengths[unit as keyof typeof lengths] : null;
}

/** An answer that many share is read once. */
function readOnce(series: readonly Series[]): ReadonlyMap<string, LiveSlo> {
  const known = once('slo.live-read', () => new WeakMap<readonly Series[], ReadonlyMap<string, LiveSlo>>());
  const held = known.get(series) ?? read(series);
  known.set(series, held);
  return held;
}

/** Series by SLO; of replicas that say the same the last one counts. */
export function read(series: readonly Series[]): Map<string, LiveSlo> {
  const slos = new Map<string, LiveSlo>();
  const of = (name: string) => {
    const known = slos.get(name) ?? { rates: new Map<number, Rates>(), alerts: [] };
    slos.set(name, known);
    return known;
  };
  const partial = new Map<string, Partial<Rates>>();
  const since = new Map<string, number>();
  const firing: Labels[] = [];
  for (const { labels, points } of series) {
    const value = points.at(-1)?.[1];
    const slo = labels.slo;
    const metric = labels.__name__ ?? '';
    if (!slo || value === null || value === undefined || Number.isNaN(value)) continue;
    if (metric === 'ALERTS_FOR_STATE') since.set(alertKey(labels), value * 1_000);
    else if (metric === 'ALERTS' && labels.alertstate === 'firing') firing.push(labels);
    const [, which, window] = /^slo:sli_(bad|total):rate(\w+)$/.exec(metric) ?? [];
    const ms = windowMsOf(window);
    if (ms === null) continue;
    const key = `${slo} ${ms}`;
    const rates = { ...partial.get(key), [which as 'bad' | 'total']: Math.max(0, value) };
    partial.set(key, rates);
    const { bad, total } = rates;
    if (bad !== undefined && total !== undefined) of(slo).rates.set(ms, { bad: Math.min(bad, total), total });
  }
  for (const labels of firing) {
    of(labels.slo as string).alerts.push({
      name: labels.alertname ?? '',
      severity: labels.severity === 'page' ? 'page' : 'ticket',
      longWindow: labels.long_window ?? null,
      shortWindow: labels.short_window ?? null,
      sinceMs: since.get(alertKey(labels)) ?? null,
    });
  }
  return slos;
}

const alertKey = ({ __name__: _name, alertstate: _state, ...labels }: Labels) =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The alert of a tier, where it fires. */
export function alertOf(
  live: LiveSlo | null,
  tier: { severity: string; longMs: number; shortMs: number },
): LiveAlert | null {
  const [long, short] = [windowName(tier.longMs), windowName(tier.shortMs)];
  const fits = (alert: LiveAlert) =>
    alert.severity === tier.severity && alert.longWindow === long && alert.shortWindow === short;
  return live?.alerts.find(fits) ?? null;
}
