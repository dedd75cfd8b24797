import type { Indicator, SloDefinition, SloProblem, TimeWindow } from '#lib/slo/schemas.ts';

/** A percentage as people type it (`99.95`, `99,95 %`) as a ratio; null where it is none between 0 and 100. */
export function readPercent(text: string): number | null {
  const number = Number(text.replace('%', '').replace(',', '.').trim());
  if (text.trim() === '' || !(number > 0 && number < 100)) return null;
  return Number((number / 100).toPrecision(12));
}

/** A ratio as a percentage without noise: `99.95`. */
export const writePercent = (ratio: number): string => String(Number((ratio * 100).toPrecision(12)));

/** A whole number within bounds; null where it is none. */
export const readWhole = (least: number, most: number) => (text: string) => {
  const number = Number(text.trim());
  return text.trim() !== '' && Number.isInteger(number) && number >= least && number <= most ? number : null;
};

export const readNumber = (text: string): number | null => {
  const number = Number(text.replace(',', '.').trim());
  return text.trim() !== '' && Number.isFinite(number) ? number : null;
};

/** The indicator as another kind, with what both have. */
export function indicatorAs(kind: Indicator['kind'], from: Indicator): Indicator {
  if (from.kind === kind) return from;
  const query = from.kind === 'ratio' ? from.total : from.query;
  if (kind === 'ratio') return { kind, counter: true, good: null, bad: query, total: query };
  if (kind === 'raw') return { kind, type: 'success', query };
  return { kind, query, op: 'gte', value: 1 };
}

/** The window as another kind. */
export function windowAs(kind: TimeWindow['kind'], zone: string): TimeWindow {
  return kind === 'rolling' ? { kind, days: 30 } : { kind, unit: 'month', timeZone: zone };
}

/** The first error at a place of the document or below it. */
export function problemAt(problems: readonly SloProblem[], ...places: readonly string[]): string | null {
  const found = problems.find(
    ({ level, path }) =>
      level === 'error' &&
      places.some((place) => path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`)),
  );
  return found?.message ?? null;
}

/** A name that fits an address, from words: `Payment answers` becomes `payment-answers`. */
export const nameFrom = (words: string): string =>
  words
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);

/** The name, or the first of `name-2`, `name-3`… that is not taken. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const ending = number === 1 ? '' : `-${number}`;
    const candidate = `${name.slice(0, 63 - ending.length)}${ending}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** What a new SLO begins with where no template is taken. */
export function blankDefinition(environment: string, service: string): SloDefinition {
  return {
    environment,
    name: nameFrom(`${service}-availability`),
    displayName: null,
    description: null,
    service,
    owner: null,
    tier: null,
    category: 'availability',
    labels: {},
    indicator: {
      kind: 'ratio',
      counter: true,
      good: null,
      bad: `sum(http_requests_total{service="${service}", code=~"5.."})`,
      total: `sum(http_requests_total{service="${service}"})`,
    },
    measuredAt: 'service',
    budgeting: { method: 'occurrences' },
    window: { kind: 'rolling', days: 30 },
    target: 0.999,
    gapPolicy: 'unknown',
    policy: 'default',
    runbookUrl: null,
    alerting: { tiers: null, minFailures: 5, absentPages: null },
  };
}
