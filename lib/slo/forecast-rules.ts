import type { Forecast, PolicyStep, TimeWindow } from './schemas.ts';
import { budgetOf, instant, past, percent, times, when } from './sentence-rules.ts';
import { dayMs, hourMs } from './window-rules.ts';

/** How fast events come, over a stretch that ended just now. */
export interface Pace {
  /** How long the stretch is, in ms. */
  lengthMs: number;
  /** Events per ms. */
  bad: number;
  total: number;
}

export interface ForecastInput {
  nowMs: number;
  window: TimeWindow;
  target: number;
  /** Events of the window up to now. */
  bad: number;
  total: number;
  /** When the window is over; for a rolling one it never is. */
  endsMs: number | null;
  /** What leaves a rolling window, by how long from now at the latest, the next first. */
  leaving: { inMs: number; bad: number; total: number }[];
  /** The band; the first is the one that is expected to go on. */
  paces: [Pace, ...Pace[]];
  steps: readonly PolicyStep[];
}

/** How far a forecast looks: the window's own length, or its end. */
export function horizonOf({ window, nowMs, endsMs }: Pick<ForecastInput, 'window' | 'nowMs' | 'endsMs'>): number {
  return window.kind === 'rolling' ? window.days * dayMs : Math.max(0, (endsMs ?? nowMs) - nowMs);
}

/** Bad events and all events in the window after `inMs` at a pace: new ones have come, old ones have left. */
interface Point {
  inMs: number;
  bad: number;
  total: number;
}

function* course(input: ForecastInput, pace: Pace, horizonMs: number): Generator<Point> {
  let [goneBad, goneTotal] = [0, 0];
  const at = (inMs: number): Point => ({
    inMs,
    bad: Math.max(0, input.bad + pace.bad * inMs - goneBad),
    total: Math.max(0, input.total + pace.total * inMs - goneTotal),
  });
  yield at(0);
  for (const part of input.leaving) {
    if (part.inMs >= horizonMs) break;
    goneBad += part.bad;
    goneTotal += part.total;
    yield at(part.inMs);
  }
  yield at(horizonMs);
}

/**
 * When so little of the budget is left, in ms from now: the first instant at which `bad ≥ (1 - left)(1 - target) total`,
 * between two parts on a straight line. null: not within the horizon; 0: it is so already.
 */
export function reaches(input: ForecastInput, pace: Pace, left: number, horizonMs: number): number | null {
  const { leaving } = input;
  const share = (1 - left) * (1 - input.target);
  let [goneBad, goneTotal, beforeMs, was] = [0, 0, 0, 0];
  // A thousand SLOs are asked at once, so no point of the course is made an object here.
  for (let index = -1; index <= leaving.length; index++) {
    const part = leaving[index];
    const isLast = index === leaving.length || (part !== undefined && part.inMs >= horizonMs);
    const inMs = index < 0 ? 0 : isLast ? horizonMs : (part?.inMs ?? 0);
    if (part && !isLast) {
      goneBad += part.bad;
      goneTotal += part.total;
    }
    const bad = Math.max(0, input.bad + pace.bad * inMs - goneBad);
    const spare = share * Math.max(0, input.total + pace.total * inMs - goneTotal) - bad;
    if (spare <= 0 && bad > 0) return index < 0 ? 0 : beforeMs + (inMs - beforeMs) * (was / (was - spare));
    if (isLast) return null;
    beforeMs = inMs;
    was = spare;
  }
  return null;
}

/** Budget left after each of `atMs`, from now; 0 to 1. */
function leftAt(input: ForecastInput, pace: Pace, atMs: readonly number[], horizonMs: number): number[] {
  const points = [...course(input, pace, horizonMs)];
  let index = 0;
  return atMs.map((inMs) => {
    while (index < points.length - 2 && (points[index + 1] as Point).inMs <= inMs) index++;
    const a = points[index] as Point;
    const b = points[index + 1] ?? a;
    const share = b.inMs > a.inMs ? Math.min(1, (inMs - a.inMs) / (b.inMs - a.inMs)) : 0;
    const bad = a.bad + share * (b.bad - a.bad);
    const total = a.total + share * (b.total - a.total);
    return total > 0 ? Math.max(0, Math.min(1, 1 - bad / ((1 - input.target) * total))) : 1;
  });
}

/** When nothing is left if the expected pace goes on; null: not before the window is over. */
export function exhaustionOf(input: ForecastInput): number | null {
  const inMs = reaches(input, input.paces[0], 0, horizonOf(input));
  return inMs === null ? null : input.nowMs + inMs;
}

const gridSteps = 96;
const niceHorizons = [1, 3, 6, 12, 24, 48, 72].map((hours) => hours * hourMs).concat([7, 14, 30].map((d) => d * dayMs));

/** What becomes of the budget when it goes on as it does, with the slowest and the fastest of the paces as a band. */
export function forecastOf(input: ForecastInput): Forecast {
  const { nowMs, paces } = input;
  const horizonMs = horizonOf(input);
  const ends = paces.map((pace) => reaches(input, pace, 0, horizonMs));
  const found = ends.filter((end) => end !== null);
  const earliest = found.length > 0 ? Math.min(...found) : null;
  const latest = found.length === ends.length ? Math.max(...found) : null;
  const expected = ends[0] ?? null;
  const shownTo = (latest ?? earliest ?? horizonMs) * 1.2;
  const shownMs = Math.min(horizonMs, niceHorizons.find((ms) => ms >= shownTo) ?? horizonMs);
  const stepMs = Math.max(1, Math.round(shownMs / gridSteps));
  const at = Array.from({ length: gridSteps + 1 }, (_, index) => index * stepMs);
  const courses = paces.map((pace) => leftAt(input, pace, at, horizonMs));
  const edge = (pick: (...values: number[]) => number) => at.map((_, i) => pick(...courses.map((one) => one[i] ?? 0)));
  const absolute = (inMs: number | null) => (inMs === null ? null : new Date(nowMs + inMs).toISOString());
  return {
    method: methodOf(input),
    exhaustedAt: absolute(expected),
    earliestAt: absolute(earliest),
    latestAt: absolute(latest),
    grid: {
      from: new Date(nowMs).toISOString(),
      to: new Date(nowMs + gridSteps * stepMs).toISOString(),
      stepMs,
    },
    expected: courses[0] ?? [],
    fast: edge(Math.min),
    slow: edge(Math.max),
    sentence: sentenceOf(input, { expected, earliest, latest, horizonMs }),
  };
}

const burn = (pace: Pace, target: number) => (pace.total > 0 ? pace.bad / pace.total / (1 - target) : 0);

function methodOf({ paces, target, window }: ForecastInput): string {
  const named = [...paces]
    .sort((a, b) => a.lengthMs - b.lengthMs)
    .map((pace) => `${past(pace.lengthMs)} (${times(burn(pace, target))})`);
  const band = named.length > 1 ? `from ${named[0]} to ${named.at(-1)}` : `from ${named[0]}`;
  const leaves = window.kind === 'rolling' ? ', and old failures leave the window as it moves' : '';
  return `Band ${band}: failures and traffic go on as they were${leaves}. Expected is the pace of ${past(paces[0].lengthMs)}.`;
}

interface Ends {
  expected: number | null;
  earliest: number | null;
  latest: number | null;
  horizonMs: number;
}

function sentenceOf(input: ForecastInput, { expected, earliest, latest, horizonMs }: Ends): string {
  const { nowMs, window, paces, steps } = input;
  if (expected === 0) return spentSentence(input, horizonMs);
  const next = nextStep(input, horizonMs);
  const changes = next
    ? `${upper(when(nowMs + next.inMs, nowMs))} the budget passes ${percent(next.step.above)} and the policy becomes “${next.step.name}”`
    : null;
  const over = window.kind === 'rolling' ? `within the next ${window.days} days` : 'before the window is over';
  if (earliest === null) {
    const none = `At the pace of ${past(paces[0].lengthMs)} the ${budgetOf(window)} is not used up ${over}`;
    return changes ? `${changes}. ${none}.` : `${none}.`;
  }
  const none =
    latest === null
      ? `none is left ${when(nowMs + earliest, nowMs)} at the earliest, and not ${over} at the slowest pace`
      : `none is left between ${instant(nowMs + earliest, nowMs)} and ${instant(nowMs + latest, nowMs)}`;
  const follows = steps.length > 0 && !changes ? endStep(steps) : null;
  const then = follows ? `; the policy is “${follows}” then` : '';
  return changes ? `${changes}; ${none}.` : `${upper(none)}${then}.`;
}

const endStep = (steps: readonly PolicyStep[]) => steps.find(({ from }) => from === null)?.name ?? null;

/** The step of the policy that the expected pace leads to next, before nothing is left. */
function nextStep(input: ForecastInput, horizonMs: number) {
  const left = input.total > 0 ? 1 - input.bad / ((1 - input.target) * input.total) : 1;
  for (const [index, { from }] of input.steps.entries()) {
    const after = input.steps[index + 1];
    if (from === null || from <= 0 || from >= left || !after) continue;
    const inMs = reaches(input, input.paces[0], from, horizonMs);
    return inMs === null ? null : { inMs, step: { above: from, name: after.name } };
  }
  return null;
}

/** What is left once it is spent: a rolling window heals as failures leave it, a calendar one ends. */
function spentSentence(input: ForecastInput, horizonMs: number): string {
  const { nowMs, window, endsMs } = input;
  if (window.kind === 'calendar') {
    return `Nothing is left; a new window begins ${when(endsMs ?? nowMs, nowMs)}.`;
  }
  const quiet = { ...input.paces[0], bad: 0 };
  for (const point of course(input, quiet, horizonMs)) {
    if (point.total > 0 && point.bad < (1 - input.target) * point.total) {
      const again = when(nowMs + point.inMs, nowMs);
      return `Nothing is left. Without another failure there is some again ${again}, as old failures leave the window.`;
    }
  }
  return `Nothing is left, and old failures leave the window only after ${window.days} days.`;
}

const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
