import type { SloState, SloSummary, TimeWindow } from '#lib/slo/schemas.ts';
import { formatNumber, formatPercent } from '../charts/units.ts';
import { formatClock, formatDay, formatSpan, type Zone } from '../ui/format-time.ts';
import type { StatusName } from '../ui/status.tsx';

/** The shape and colour of a state. */
export const statusOf: Record<SloState, StatusName> = {
  breached: 'failing',
  at_risk: 'warns',
  no_data: 'nodata',
  no_traffic: 'idle',
  ok: 'ok',
};

/** The state as people say and filter it. */
export const stateWord: Record<SloState, string> = {
  breached: 'breached',
  at_risk: 'at risk',
  no_data: 'no data',
  no_traffic: 'no traffic',
  ok: 'ok',
};

export const categoryWord = { availability: 'availability', latency: 'latency', other: 'other' } as const;

const none = '–';
const isNumber = (value: number | null | undefined): value is number =>
  value !== null && value !== undefined && Number.isFinite(value);

/** Decimals of a percentage that write it out: 2 for 0.9995. At most 6. */
function decimalsOf(ratio: number): number {
  const [, decimals = ''] = String(Number((ratio * 100).toFixed(6))).split('.');
  return decimals.length;
}

/** An objective without a needless zero: `99.95 %`. */
export const targetText = (target: number): string => `${formatNumber(target * 100, decimalsOf(target))} %`;

/**
 * What was measured, with two decimals more than its objective and rounded down: what lies below never reads as the
 * objective, and less than all never as 100 %.
 */
export function sliText(sli: number | null | undefined, target: number): string {
  if (!isNumber(sli)) return none;
  const digits = Math.min(6, decimalsOf(target) + 2);
  const scale = 10 ** digits;
  return `${formatNumber(Math.floor(sli * 100 * scale + 1e-6) / scale, digits)} %`;
}

/** Budget left: `38 %`, below zero once it is overspent (`−37 %`); what is above zero is never shown as zero. */
export function budgetText(left: number | null | undefined, digits = 0): string {
  if (!isNumber(left)) return none;
  const least = 10 ** -digits / 100;
  if (left > 0 && left < least / 2) return `< ${formatNumber(least * 100, digits)} %`;
  return formatPercent(left, digits);
}

/** How many times the pace that spends the budget exactly: `124×`, `57.0×`, `0.99×`. */
export function burnText(burn: number | null | undefined): string {
  if (!isNumber(burn)) return none;
  if (burn === 0) return '0×';
  if (burn > 0 && burn < 0.005) return '< 0.01×';
  return `${formatNumber(burn, burn >= 100 ? 0 : burn >= 10 ? 1 : 2)}×`;
}

/** A threshold as it was set: `14.4×`, `6×`, `0.933×`. */
export const factorText = (factor: number): string => `${Number(factor.toPrecision(4))}×`;

/** A number of events; they may be fractions where samples or slices are counted. */
export function eventsText(count: number): string {
  const whole = Math.abs(count) >= 100 || Number.isInteger(Number(count.toFixed(2)));
  return formatNumber(count, whole ? 0 : 1);
}

/** `30 days rolling`, `calendar month in Europe/Berlin`. */
export function windowText(window: TimeWindow): string {
  if (window.kind === 'rolling') return window.days === 1 ? '1 day rolling' : `${window.days} days rolling`;
  return `calendar ${window.unit} in ${window.timeZone}`;
}

/** `30 days`, `month`: the window inside a sentence. */
export function windowName(window: TimeWindow): string {
  if (window.kind === 'rolling') return window.days === 1 ? '1 day' : `${window.days} days`;
  return window.unit;
}

/** The length of the window for tight places: `30 d`, `month`. */
export const windowShort = (window: TimeWindow): string =>
  window.kind === 'rolling' ? `${window.days} d` : window.unit;

const dayMs = 86_400_000;

/** An instant as one says it: the time on the same day, day and time within a week, else the day. */
export function whenText(atMs: number, zone: Zone, nowMs: number): string {
  if (formatDay(atMs, zone) === formatDay(nowMs, zone) && Math.abs(atMs - nowMs) < dayMs)
    return formatClock(atMs, zone);
  const day = formatDay(atMs, zone, nowMs);
  return Math.abs(atMs - nowMs) < 7 * dayMs ? `${day}, ${formatClock(atMs, zone)}` : day;
}

export type NoneLeft =
  | { kind: 'unknown' }
  /** Spent already. */
  | { kind: 'gone' }
  | { kind: 'at'; atMs: number; inMs: number }
  /** Something is left when the window ends, at the pace of now. */
  | { kind: 'lasts' };

/** When nothing is left of the budget at the pace of now. */
export function noneLeft(slo: Pick<SloSummary, 'figures' | 'exhaustedAt'>, nowMs: number): NoneLeft {
  const left = slo.figures?.budgetLeft;
  if (!isNumber(left)) return { kind: 'unknown' };
  if (left <= 0) return { kind: 'gone' };
  if (slo.exhaustedAt === null) return { kind: 'lasts' };
  const atMs = Date.parse(slo.exhaustedAt);
  return { kind: 'at', atMs, inMs: Math.max(0, atMs - nowMs) };
}

/** `2 h 12 min`, `4.9 d`, `none left`, `lasts`; a dash where it is not known. */
export function noneLeftText(left: NoneLeft): string {
  switch (left.kind) {
    case 'unknown':
      return none;
    case 'gone':
      return 'none left';
    case 'lasts':
      return 'lasts';
    case 'at':
      return formatSpan(left.inMs < 60_000 ? left.inMs : Math.floor(left.inMs / 60_000) * 60_000);
  }
}

type BudgetTone = 'good' | 'warn' | 'bad';

/** The colour of a budget's bar: that of the state beside it, so that both say the same. */
export function budgetTone({ state, firing }: Pick<SloSummary, 'state' | 'firing'>): BudgetTone | undefined {
  if (state === 'breached' || firing === 'page') return 'bad';
  if (state === 'at_risk' || firing === 'ticket') return 'warn';
  return state === 'ok' ? 'good' : undefined;
}

/** Where an SLO is shown. */
export const sloHref = (name: string, tab?: string): string =>
  `/slos/${encodeURIComponent(name)}${tab === undefined || tab === 'overview' ? '' : `?tab=${tab}`}`;

/** Where the budget is measured, in a word. */
export const measuredWord = {
  caller: 'at its callers',
  gateway: 'at the gateway',
  probe: 'by a probe',
  service: 'by the service itself',
} as const;
