import { type SpanColumns, type SpanStatistic, spanStatuses } from './schemas.ts';

interface Statistics {
  /** A row for each service. */
  services: SpanStatistic[];
  /** A row for each service and name. */
  operations: SpanStatistic[];
}

const error = spanStatuses.indexOf('error');

/**
 * Count, errors and times of the spans of a trace by service and by operation, the most self time first. `totalNs`
 * counts a span within another of the same row twice, `selfNs` does not. Quantiles are of durations, nearest rank.
 */
export function statisticsOf(
  columns: { services: readonly string[]; names: readonly string[]; spans: SpanColumns },
  self: ArrayLike<number>,
): Statistics {
  const { services, names, spans } = columns;
  const byService = services.map((): number[] => []);
  const byOperation = new Map<number, number[]>();
  for (let span = 0; span < spans.id.length; span += 1) {
    const service = spans.service[span] as number;
    byService[service]?.push(span);
    const key = service * names.length + (spans.name[span] as number);
    const known = byOperation.get(key);
    if (known) known.push(span);
    else byOperation.set(key, [span]);
  }
  const bySelf = (a: SpanStatistic, b: SpanStatistic) => b.selfNs - a.selfNs || b.totalNs - a.totalNs || byName(a, b);
  return {
    services: services
      .flatMap((service, index) => {
        const members = byService[index] ?? [];
        return members.length > 0 ? [rowOf(service, null, members, spans, self)] : [];
      })
      .sort(bySelf),
    operations: [...byOperation]
      .map(([key, members]) => {
        const service = services[Math.floor(key / names.length)] ?? '';
        return rowOf(service, names[key % names.length] ?? '', members, spans, self);
      })
      .sort(bySelf),
  };
}

function byName(a: SpanStatistic, b: SpanStatistic): number {
  const [one, other] = [`${a.service}\n${a.name ?? ''}`, `${b.service}\n${b.name ?? ''}`];
  return one < other ? -1 : one > other ? 1 : 0;
}

function rowOf(
  service: string,
  name: string | null,
  members: readonly number[],
  { duration, status }: SpanColumns,
  self: ArrayLike<number>,
): SpanStatistic {
  const durations = Float64Array.from(members, (span) => duration[span] as number).sort();
  let errors = 0;
  let totalNs = 0;
  let selfNs = 0;
  for (const span of members) {
    if (status[span] === error) errors += 1;
    totalNs += duration[span] as number;
    selfNs += self[span] as number;
  }
  const ranked = (quantile: number) => durations[Math.max(0, Math.ceil(quantile * durations.length) - 1)] ?? 0;
  return {
    service,
    name,
    count: members.length,
    errors,
    totalNs,
    selfNs,
    p50Ns: ranked(0.5),
    p95Ns: ranked(0.95),
    maxNs: ranked(1),
  };
}
