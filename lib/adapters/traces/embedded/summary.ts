import { greatest, least } from '../bigints.ts';
import { type QueryLimits, read } from './pool.ts';
import type { Range } from './slices.ts';
import { nsPerHour } from './sql.ts';

export interface Summary {
  startNs: bigint;
  durationNs: bigint;
  root: { service: string; name: string } | null;
  spanCount: number;
  errorCount: number;
  /** The one with the most spans first. */
  services: { name: string; spanCount: number; errorCount: number }[];
  sampledRatio: number;
}

interface Row {
  trace_id: string;
  service: string;
  spans: number;
  errors: number;
  start_ns: string;
  end_ns: string;
  ratio: number;
  /** Start in so many digits, then the name: the least is the first, and no rows need sorting for it. */
  root: string | null;
}

const rootDigits = 20;
/** What began this long before or after the range still counts to a trace of it. */
const aroundNs = 6n * nsPerHour;

/** What traces consist of, by id. */
export async function summarise(
  sourceId: string,
  traceIds: readonly string[],
  range: Range,
  limits: QueryLimits,
): Promise<Map<string, Summary>> {
  if (traceIds.length === 0) return new Map();
  const rows = await read<Row>(
    sourceId,
    `SELECT encode(trace_id, 'hex') AS trace_id, service, count(*)::int AS spans,
       (count(*) FILTER (WHERE status = 2))::int AS errors, min(start_ns)::text AS start_ns,
       max(start_ns + duration_ns)::text AS end_ns, min(sampled_ratio)::float8 AS ratio,
       min((lpad(start_ns::text, ${rootDigits}, '0') || name) COLLATE "C") FILTER (WHERE parent_span_id IS NULL) AS root
     FROM telemetry.span
     WHERE trace_id = ANY($1::bytea[]) AND start_ns >= $2::bigint AND start_ns < $3::bigint
     GROUP BY trace_id, service`,
    [traceIds.map((id) => Buffer.from(id, 'hex')), range.fromNs - aroundNs, range.toNs + aroundNs],
    limits,
  );
  const byTrace = Map.groupBy(rows, ({ trace_id }) => trace_id);
  return new Map([...byTrace].map(([traceId, parts]) => [traceId, summaryOf(parts)]));
}

function summaryOf(parts: readonly Row[]): Summary {
  const startNs = parts.map(({ start_ns }) => BigInt(start_ns)).reduce(least);
  const endNs = parts.map(({ end_ns }) => BigInt(end_ns)).reduce(greatest);
  const [first] = parts
    .flatMap(({ service, root }) =>
      root === null ? [] : { at: BigInt(root.slice(0, rootDigits)), service, name: root.slice(rootDigits) },
    )
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return {
    startNs,
    durationNs: endNs - startNs,
    root: first ? { service: first.service, name: first.name } : null,
    spanCount: parts.reduce((sum, { spans }) => sum + spans, 0),
    errorCount: parts.reduce((sum, { errors }) => sum + errors, 0),
    services: parts
      .map(({ service, spans, errors }) => ({ name: service, spanCount: spans, errorCount: errors }))
      .sort((a, b) => b.spanCount - a.spanCount || (a.name < b.name ? -1 : 1)),
    sampledRatio: Math.min(...parts.map(({ ratio }) => ratio)),
  };
}
