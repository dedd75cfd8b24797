import type { Unit } from '#components/charts/units.ts';

/** The units that a person can choose for a query; what each counts is in `components/charts/units.ts`. */
export const queryUnits = ['none', 'count', '/s', 'ratio', 'seconds', 'bytes', 'bytes/s', 'cores'] as const;
export type QueryUnit = Extract<Unit, (typeof queryUnits)[number]>;

export interface ExploreQuery {
  expr: string;
  /** Kept in the list, but neither asked nor drawn. */
  hidden: boolean;
  /** Chosen by a person; null leaves it to the expression. */
  unit: QueryUnit | null;
}

export interface ExploreState {
  queries: ExploreQuery[];
  view: 'chart' | 'table';
  /** Milliseconds between two points; null leaves it to the width of the chart. */
  stepMs: number | null;
}

/** So many queries at most: more cannot be told apart on one page. */
export const mostQueries = 12;
export const longestExpr = 5_000;

const params = ['q', 'hide', 'unit', 'view', 'step'] as const;
const stepUnits = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads `15s`, `1m`, `2h`, `1d` into milliseconds; null when it is none of them or not within 1 s and 30 d. */
export function parseStep(text: string): number | null {
  const found = /^(\d{1,7})(s|m|h|d)$/.exec(text.trim());
  if (!found) return null;
  const stepMs = Number(found[1]) * stepUnits[found[2] as keyof typeof stepUnits];
  return stepMs >= 1_000 && stepMs <= 30 * stepUnits.d ? stepMs : null;
}

/** Writes what `parseStep` reads, in the largest unit that divides it evenly. */
export function formatStep(stepMs: number): string {
  const unit = (['d', 'h', 'm'] as const).find((name) => stepMs % stepUnits[name] === 0) ?? 's';
  return `${Math.round(stepMs / stepUnits[unit])}${unit}`;
}

const isUnit = (text: string): text is QueryUnit => (queryUnits as readonly string[]).includes(text);

/** What an address asks to explore; parts that cannot be read are left out. Queries are numbered from 1. */
export function parseExplore(search: URLSearchParams): ExploreState {
  const hidden = new Set((search.get('hide') ?? '').split(',').map(Number));
  const units = new Map(
    (search.get('unit') ?? '').split(',').map((part): [number, string] => {
      const at = part.indexOf(':');
      return [Number(part.slice(0, at)), part.slice(at + 1)];
    }),
  );
  const queries = search
    .getAll('q')
    .filter((expr) => expr.trim() !== '')
    .slice(0, mostQueries)
    .map((expr, i) => {
      const unit = units.get(i + 1) ?? '';
      return { expr: expr.slice(0, longestExpr), hidden: hidden.has(i + 1), unit: isUnit(unit) ? unit : null };
    });
  return {
    queries,
    view: search.get('view') === 'table' ? 'table' : 'chart',
    stepMs: parseStep(search.get('step') ?? ''),
  };
}

/** `search` with the state written into it; parameters that are not ours stay, blank queries and defaults are left out. */
export function writeExplore(search: URLSearchParams, { queries, view, stepMs }: ExploreState): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const name of params) next.delete(name);
  const kept = queries.filter(({ expr }) => expr.trim() !== '').slice(0, mostQueries);
  for (const { expr } of kept) next.append('q', expr);
  const hidden = kept.flatMap((query, i) => (query.hidden ? [i + 1] : []));
  if (hidden.length > 0) next.set('hide', hidden.join(','));
  const units = kept.flatMap(({ unit }, i) => (unit ? [`${i + 1}:${unit}`] : []));
  if (units.length > 0) next.set('unit', units.join(','));
  if (view === 'table') next.set('view', 'table');
  if (stepMs !== null) next.set('step', formatStep(stepMs));
  return next;
}

/** Only our part of an address, to see whether it was changed from outside. */
export function exploreKey(search: URLSearchParams): string {
  return writeExplore(new URLSearchParams(), parseExplore(search)).toString();
}

/** The name of a query by its place: A, B, C. */
export function queryName(index: number): string {
  return String.fromCharCode(65 + index);
}
