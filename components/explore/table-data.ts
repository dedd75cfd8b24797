import type { SampleValue } from '#lib/telemetry/schemas.ts';
import type { QueryUnit } from './explore-url.ts';
import { type Labels, selectorOf, splitLabels, tellingLabels } from './series-names.ts';

export interface SampleRow {
  id: string;
  query: string;
  unit: QueryUnit;
  labels: Labels;
  value: SampleValue | null;
}

export interface SampleTable {
  rows: SampleRow[];
  /** Labels that get a column each; empty where there are too many to read. */
  columns: string[];
  /** Labels that every row has with the same value. */
  common: Labels;
  /** The fewest labels that tell the rows apart. */
  telling: string[];
}

/** More columns than this do not fit: then the series is written as one selector. */
const mostColumns = 6;

export interface AnsweredInstant {
  name: string;
  unit: QueryUnit;
  series: readonly { labels: Labels; value: SampleValue | null }[];
}

/** The results of all queries as one table. */
export function sampleTable(answers: readonly AnsweredInstant[]): SampleTable {
  const rows = answers.flatMap(({ name, unit, series }) =>
    series.map(({ labels, value }, i) => ({ id: `${name}${i}`, query: name, unit, labels, value })),
  );
  const { varying, common } = splitLabels(rows.map(({ labels }) => labels));
  return {
    rows,
    columns: varying.length <= mostColumns ? varying : [],
    common,
    telling: tellingLabels(rows.map(({ labels }) => labels)),
  };
}

/** A sample as the engine has it. */
export function exact(value: SampleValue | null): string {
  return value === null ? '–' : String(value);
}

/** A sample as a number to sort by; what is none comes last. */
export function sortable(value: SampleValue | null): number | null {
  if (value === '+Inf') return Number.MAX_VALUE;
  if (value === '-Inf') return -Number.MAX_VALUE;
  return typeof value === 'number' ? value : null;
}

/** A series in two parts: what tells it apart, and what else it has; what all have is left out. */
export function parted(labels: Labels, { telling, common }: SampleTable): { telling: string; rest: string } {
  const own = Object.entries(labels).filter(([name]) => common[name] === undefined);
  const isTelling = ([name]: [string, string]) => name === '__name__' || telling.includes(name);
  const front = Object.fromEntries(own.filter(isTelling));
  const rest = Object.fromEntries(own.filter((pair) => !isTelling(pair)));
  return {
    telling: selectorOf(front),
    rest: Object.keys(rest).length > 0 ? selectorOf(rest).replace(/^\{|\}$/g, '') : '',
  };
}
