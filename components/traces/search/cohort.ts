import { formatValue } from '#components/charts/units.ts';
import { formatClock, type Zone } from '#components/ui/format-time.ts';
import type { Change } from '#lib/facts/change-queries.ts';
import type { Cohort as AskedCohort } from '#lib/traces/queries.ts';
import type { FoundTrace } from '#lib/traces/schemas.ts';
import type { Cohort } from './cohort-url.ts';
import { durationSpan } from './duration.ts';
import type { TraceFilters } from './search-url.ts';

const iso = (ms: number) => new Date(ms).toISOString();

/** The selection as the API takes it. */
export function askedCohort(cohort: Cohort): AskedCohort {
  switch (cohort.kind) {
    case 'errors':
      return { cohort: 'errors' };
    case 'slow':
      return { cohort: 'slow', slowMs: cohort.slowMs };
    case 'after':
      return { cohort: 'after', at: iso(cohort.atMs) };
    case 'window':
      return { cohort: 'window', windowFrom: iso(cohort.fromMs), windowTo: iso(cohort.toMs) };
    case 'box':
      return {
        cohort: 'box',
        boxFrom: iso(cohort.fromMs),
        boxTo: iso(cohort.toMs),
        boxMinMs: cohort.minMs,
        boxMaxMs: cohort.maxMs,
      };
  }
}

/** Whether a trace belongs to the selection. */
export function isSelected({ match }: Pick<FoundTrace, 'match'>, cohort: Cohort): boolean {
  const at = Number(BigInt(match.startNs) / 1_000n) / 1_000;
  const { durationMs } = match;
  switch (cohort.kind) {
    case 'errors':
      return match.status === 'error';
    case 'slow':
      return durationMs >= cohort.slowMs;
    case 'after':
      return at >= cohort.atMs;
    case 'window':
      return at >= cohort.fromMs && at <= cohort.toMs;
    case 'box':
      return at >= cohort.fromMs && at <= cohort.toMs && durationMs >= cohort.minMs && durationMs <= cohort.maxMs;
  }
}

/** The part of the plot that a selection covers; null where it is not a part of it. Ends may be infinite. */
export function boxOfCohort(cohort: Cohort) {
  const all = {
    fromMs: Number.NEGATIVE_INFINITY,
    toMs: Number.POSITIVE_INFINITY,
    min: 0,
    max: Number.POSITIVE_INFINITY,
  };
  switch (cohort.kind) {
    case 'errors':
      return null;
    case 'slow':
      return { ...all, min: cohort.slowMs };
    case 'after':
      return { ...all, fromMs: cohort.atMs };
    case 'window':
      return { ...all, fromMs: cohort.fromMs, toMs: cohort.toMs };
    case 'box':
      return { fromMs: cohort.fromMs, toMs: cohort.toMs, min: cohort.minMs, max: cohort.maxMs };
  }
}

interface Ends {
  fromMs: number;
  toMs: number;
}

/** The search narrowed down to the selection, with the ends of its time where it has its own. */
export function withinCohort(
  filters: TraceFilters,
  cohort: Cohort,
  range: Ends,
): { filters: TraceFilters; ends: Ends | null } {
  const longest = (a: number | null, b: number) => (a === null ? b : Math.max(a, b));
  const shortest = (a: number | null, b: number) => (a === null ? b : Math.min(a, b));
  const cut = (from: number, to: number): Ends => {
    const fromMs = Math.max(from, range.fromMs);
    // The end is not searched itself, a selection has it.
    return { fromMs, toMs: Math.max(fromMs + 1, Math.min(to + 1, range.toMs)) };
  };
  switch (cohort.kind) {
    case 'errors':
      return { filters: { ...filters, status: 'error' }, ends: null };
    case 'slow':
      return { filters: { ...filters, minMs: longest(filters.minMs, cohort.slowMs) }, ends: null };
    case 'after':
      return { filters, ends: cut(cohort.atMs, Number.POSITIVE_INFINITY) };
    case 'window':
      return { filters, ends: cut(cohort.fromMs, cohort.toMs) };
    case 'box':
      return {
        filters: {
          ...filters,
          minMs: longest(filters.minMs, cohort.minMs),
          maxMs: shortest(filters.maxMs, cohort.maxMs),
        },
        ends: cut(cohort.fromMs, cohort.toMs),
      };
  }
}

/** `since 14:02`, `until 14:10`, `from 14:02 to 14:10`; nothing where it is the whole range. */
export function timeWords({ fromMs, toMs }: Ends, range: Ends, zone: Zone): string {
  const slack = (range.toMs - range.fromMs) / 100;
  const seconds = toMs - fromMs < 120_000;
  const clock = (ms: number) => formatClock(ms, zone, seconds);
  const isFromStart = fromMs <= range.fromMs + slack;
  const isToEnd = toMs >= range.toMs - slack;
  if (isFromStart && isToEnd) return '';
  if (isToEnd) return `since ${clock(fromMs)}`;
  if (isFromStart) return `until ${clock(toMs)}`;
  return `from ${clock(fromMs)} to ${clock(toMs)}`;
}

/** What is selected, without counts: `1.15 to 2.6 s since 14:02`, `those with errors`, `after “payment 4.2.0” at 14:00`. */
export function cohortWords(cohort: Cohort, range: Ends, zone: Zone, changes: readonly Change[] = []): string {
  switch (cohort.kind) {
    case 'errors':
      return 'those with errors';
    case 'slow':
      return `${formatValue(cohort.slowMs, 'milliseconds')} or longer`;
    case 'after': {
      const cause = changes.find(({ startAt }) => startAt === cohort.atMs);
      const at = formatClock(cohort.atMs, zone, cause === undefined);
      return cause ? `after “${cause.title}” at ${at}` : `after ${at}`;
    }
    case 'window': {
      const cause = changes.find(({ startAt }) => startAt === cohort.fromMs);
      const when = timeWords(cohort, range, zone) || 'the whole time';
      return cause ? `during “${cause.title}”, ${when}` : when;
    }
    case 'box': {
      const length =
        cohort.minMs === 0
          ? `up to ${formatValue(cohort.maxMs, 'milliseconds')}`
          : durationSpan(cohort.minMs, cohort.maxMs);
      return `${length} ${timeWords(cohort, range, zone)}`.trim();
    }
  }
}

/**
 * The sentence under the plot, with what of the drawn traces is in the selection; `errors` is null where the words say
 * it.
 */
export function cohortSentence(
  words: string,
  counts: { selected: number; errors: number | null; drawn: number; isAll: boolean },
): string {
  const { selected, errors, drawn, isAll } = counts;
  const n = (count: number) => count.toLocaleString('en');
  const word = (isAll ? selected : drawn) === 1 ? 'trace' : 'traces';
  const how = isAll ? `${n(selected)} ${word}` : `${n(selected)} of the ${n(drawn)} ${word} drawn`;
  const failed = errors === null ? '' : `, ${errors === 0 ? 'none' : n(errors)} with errors`;
  return `Selection: ${how}, ${words}${failed}`;
}

/** One way to select, offered as a button. */
export interface CohortChoice {
  id: string;
  label: string;
  cohort: Cohort;
}

/** A duration that is short to say: cut to two digits, so that the slowest are always at least as long. */
function short(ms: number): number {
  if (!(ms > 0)) return 0;
  const unit = 10 ** (Math.floor(Math.log10(ms)) - 1);
  return Number((Math.floor(ms / unit + 1e-9) * unit).toPrecision(2));
}

/**
 * What can be selected without a pointer: the failed, the slowest twentieth, what came after each deploy or change of
 * settings, what happened within each fault and incident. `points` are the traces that are drawn: what is slow moves
 * with them, but not while it is what is selected (`present`).
 */
export function cohortChoices(
  points: readonly Pick<FoundTrace, 'match'>[],
  changes: readonly Change[],
  range: Ends,
  zone: Zone,
  present: Cohort | null = null,
): CohortChoice[] {
  const choices: CohortChoice[] = [];
  const failed = points.filter(({ match }) => match.status === 'error').length;
  if (failed > 0 && failed < points.length) choices.push({ id: 'errors', label: 'Errors', cohort: { kind: 'errors' } });
  const durations = points.map(({ match }) => match.durationMs).sort((a, b) => a - b);
  const isSlow = present?.kind === 'slow';
  const slowMs = isSlow ? present.slowMs : short(durations[Math.floor(durations.length * 0.95)] ?? 0);
  const tellsApart = durations.length >= 20 && slowMs > (durations[0] ?? 0) && slowMs <= (durations.at(-1) ?? 0);
  if (isSlow || tellsApart) {
    choices.push({
      id: 'slow',
      label: `Slow, ${formatValue(slowMs, 'milliseconds')} or longer`,
      cohort: { kind: 'slow', slowMs },
    });
  }
  const newest = [...changes].sort((a, b) => b.startAt - a.startAt);
  for (const { id, kind, title, startAt, endAt } of newest) {
    const isInside = startAt > range.fromMs && startAt < range.toMs;
    if ((kind === 'deploy' || kind === 'config') && isInside) {
      const label = `After “${title}”, ${formatClock(startAt, zone)}`;
      choices.push({ id, label, cohort: { kind: 'after', atMs: startAt } });
    }
    const meets = startAt < range.toMs && (endAt === null || (endAt > range.fromMs && endAt > startAt));
    if ((kind === 'fault' || kind === 'incident') && meets) {
      const cohort: Cohort =
        endAt === null ? { kind: 'after', atMs: startAt } : { kind: 'window', fromMs: startAt, toMs: endAt };
      choices.push({ id, label: `During “${title}”`, cohort });
    }
  }
  return choices;
}

/** Whether two selections are the same. */
export function isSameCohort(a: Cohort | null, b: Cohort | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
