import type { Attributes, AttributeValue } from '#lib/adapters/otlp/attributes.ts';
import {
  type Span,
  type SpanDetail,
  type SpanHead,
  type StoredTrace,
  spanKinds,
  spanStatuses,
  type TraceAttributes,
} from '../port.ts';
import { has } from '../whole/whole.ts';
import { parseAttributes, parseExact } from './json.ts';
import { type QueryLimits, read } from './pool.ts';
import { likePattern, storable } from './sql.ts';

/** What every span tells, a column of each thing. */
interface HeadColumns {
  ids: string | null;
  parents: string | null;
  starts: string | null;
  durations: string | null;
  kinds: string | null;
  statuses: string | null;
  services: string[] | null;
  names: string[] | null;
}

interface ColumnRow extends HeadColumns {
  count: number;
  events: string | null;
  links: string | null;
  ratio: number | null;
}

const noParent = '----------------';

const headSql = `string_agg(encode(span_id, 'hex'), '') AS ids,
    string_agg(coalesce(encode(parent_span_id, 'hex'), '${noParent}'), '') AS parents,
    string_agg(start_ns::text, ',') AS starts,
    string_agg(duration_ns::text, ',') AS durations,
    string_agg(kind::text, '') AS kinds,
    string_agg(status::text, '') AS statuses,
    json_agg(service) AS services,
    json_agg(name) AS names`;

/** Reads what stands in the columns of `headSql`, span by span. */
function headsOf(row: HeadColumns): (index: number) => SpanHead {
  const starts = split(row.starts);
  const durations = split(row.durations);
  return (index) => {
    const parent = row.parents?.slice(index * 16, index * 16 + 16) ?? noParent;
    return {
      spanId: row.ids?.slice(index * 16, index * 16 + 16) ?? '',
      parentSpanId: parent === noParent ? null : parent,
      service: row.services?.[index] ?? '',
      name: row.names?.[index] ?? '',
      kind: spanKinds[Number(row.kinds?.[index])] ?? 'unspecified',
      status: spanStatuses[Number(row.statuses?.[index])] ?? 'unset',
      startNs: BigInt(starts[index] ?? 0),
      durationNs: BigInt(durations[index] ?? 0),
    };
  };
}

/** One row whose columns hold a value per span: a fraction of what as many rows cost to send and to read. */
const columnsSql = `
  SELECT count(*)::int AS count, ${headSql},
    string_agg(CASE WHEN events IS NULL THEN '0' ELSE jsonb_array_length(events)::text END, ',') AS events,
    string_agg(CASE WHEN links IS NULL THEN '0' ELSE jsonb_array_length(links)::text END, ',') AS links,
    min(sampled_ratio)::float8 AS ratio
  FROM (SELECT * FROM telemetry.span WHERE trace_id = $1::bytea LIMIT $2::int) s`;

/** A trace with more spans than this is cut: it has to fit in memory. */
const mostInTrace = 250_000;

/** The spans of a trace, up to `most`; null where there are none. */
export async function readTrace(
  sourceId: string,
  traceId: string,
  limits: QueryLimits,
  most = mostInTrace,
): Promise<StoredTrace | null> {
  const [row] = await read<ColumnRow>(sourceId, columnsSql, [Buffer.from(traceId, 'hex'), most + 1], limits);
  if (!row || row.count === 0) return null;
  const headOf = headsOf(row);
  const events = split(row.events);
  const links = split(row.links);
  const spans = Array.from(
    { length: Math.min(most, row.count) },
    (_, index): Span => ({ ...headOf(index), events: Number(events[index]), links: Number(links[index]) }),
  );
  return { traceId, spans, partial: row.count > most, sampledRatio: row.ratio, warnings: [] };
}

function split(text: string | null): string[] {
  return text === null ? [] : text.split(',');
}

interface DetailRow {
  span_id: string;
  parent_span_id: string | null;
  start_ns: string;
  duration_ns: string;
  service: string;
  name: string;
  kind: number;
  status: number;
  status_message: string | null;
  trace_state: string | null;
  scope_name: string | null;
  scope_version: string | null;
  attributes: string;
  events: string | null;
  links: string | null;
  resource: string | null;
  dropped_attributes: number;
  dropped_events: number;
  dropped_links: number;
}

/** Details of the spans that have one of the ids, in the order of the ids; of equal ids the first to start first. */
export async function readSpans(
  sourceId: string,
  traceId: string,
  spanIds: readonly string[],
  limits: QueryLimits,
): Promise<SpanDetail[]> {
  const rows = await read<DetailRow>(
    sourceId,
    `SELECT encode(s.span_id, 'hex') AS span_id, encode(s.parent_span_id, 'hex') AS parent_span_id,
       s.start_ns::text, s.duration_ns::text, s.service, s.name, s.kind, s.status, s.status_message, s.trace_state,
       s.scope_name, s.scope_version, s.attributes::text, s.events::text, s.links::text,
       r.attributes::text AS resource, s.dropped_attributes, s.dropped_events, s.dropped_links
     FROM telemetry.span s LEFT JOIN telemetry.resource r ON r.id = s.resource_id
     WHERE s.trace_id = $1::bytea AND s.span_id = ANY($2::bytea[]) ORDER BY s.start_ns`,
    [Buffer.from(traceId, 'hex'), spanIds.map((id) => Buffer.from(id, 'hex'))],
    limits,
  );
  const byId = Map.groupBy(rows, ({ span_id }) => span_id);
  return [...new Set(spanIds)].flatMap((id) => (byId.get(id) ?? []).map((row) => detail(traceId, row)));
}

function detail(traceId: string, row: DetailRow): SpanDetail {
  return {
    traceId,
    spanId: row.span_id,
    parentSpanId: row.parent_span_id,
    service: row.service,
    name: row.name,
    kind: spanKinds[row.kind] ?? 'unspecified',
    status: spanStatuses[row.status] ?? 'unset',
    statusMessage: row.status_message,
    traceState: row.trace_state,
    startNs: BigInt(row.start_ns),
    durationNs: BigInt(row.duration_ns),
    scope: { name: row.scope_name, version: row.scope_version },
    attributes: parseAttributes(row.attributes),
    resource: parseAttributes(row.resource),
    events: objects(row.events).map((event) => ({
      name: String(event.name ?? ''),
      timeNs: BigInt(String(event.timeUnixNano ?? 0)),
      attributes: (event.attributes ?? {}) as Attributes,
    })),
    links: objects(row.links).map((link) => ({
      traceId: String(link.traceId ?? ''),
      spanId: String(link.spanId ?? ''),
      attributes: (link.attributes ?? {}) as Attributes,
    })),
    dropped: { attributes: row.dropped_attributes, events: row.dropped_events, links: row.dropped_links },
    warnings: row.resource === null ? ['What sent this span is no longer known.'] : [],
  };
}

function objects(text: string | null): Record<string, AttributeValue>[] {
  return text === null ? [] : (parseExact(text) as Record<string, AttributeValue>[]);
}

/** Signs that stand between the strings of JSON as well as inside of them. */
const syntax = /[\s{}[\]:,]/;

/** Ids of the spans that contain a text, in the order of their start. */
export async function findSpans(
  sourceId: string,
  traceId: string,
  text: string,
  limits: QueryLimits,
): Promise<string[]> {
  const plain = `%${likePattern(storable(text))}%`;
  const inJson = `%${likePattern(JSON.stringify(storable(text)).slice(1, -1))}%`;
  const doubtful = syntax.test(text);
  const rows = await read<{ span_id: string; sure: boolean; attributes: string | null; events: string | null }>(
    sourceId,
    `SELECT encode(span_id, 'hex') AS span_id, f.sure, CASE WHEN NOT f.sure THEN attributes::text END AS attributes,
       CASE WHEN NOT f.sure THEN events::text END AS events
     FROM telemetry.span CROSS JOIN LATERAL (
       SELECT NOT $4::boolean OR coalesce(name ILIKE $2 OR service ILIKE $2 OR status_message ILIKE $2, false) AS sure) f
     WHERE trace_id = $1::bytea AND (name ILIKE $2 OR service ILIKE $2 OR status_message ILIKE $2
       OR attributes::text ILIKE $3 OR events::text ILIKE $3)
     ORDER BY start_ns, span_id`,
    [Buffer.from(traceId, 'hex'), plain, inJson, doubtful],
    limits,
  );
  const wanted = text.toLowerCase();
  const found = rows.filter(
    ({ sure, attributes, events }) =>
      sure ||
      has(parseAttributes(attributes), wanted) ||
      objects(events).some((event) => has(event.name ?? null, wanted) || has(event.attributes ?? null, wanted)),
  );
  return [...new Set(found.map(({ span_id }) => span_id))];
}

interface AttributesRow extends HeadColumns {
  traces: string | null;
  attributes: string | null;
  resources: string | null;
}

/** Spans that are read for one analysis at most. */
const mostSpans = 100_000;

/** One row again. JSON of Postgres has no line breaks, so those part one value from the next. */
const attributesSql = `
  SELECT string_agg(encode(trace_id, 'hex'), '') AS traces, ${headSql},
    string_agg(attributes::text, E'\n') AS attributes,
    string_agg(encode(resource_id, 'hex'), ',') AS resources
  FROM (SELECT * FROM telemetry.span WHERE trace_id = ANY($1::bytea[]) LIMIT ${mostSpans}) s`;

/**
 * Spans of many traces with their attributes, in the order of the ids; traces that are not there are left out. Equal
 * attributes are one object: they are parsed once, and whoever counts them may do so once.
 */
export async function readAttributes(
  sourceId: string,
  traceIds: readonly string[],
  limits: QueryLimits,
): Promise<TraceAttributes[]> {
  const bytes = traceIds.map((id) => Buffer.from(id, 'hex'));
  const [row] = await read<AttributesRow>(sourceId, attributesSql, [bytes], limits);
  if (!row?.traces) return [];
  const resourceIds = split(row.resources);
  const resourceRows = await read<{ id: string; attributes: string }>(
    sourceId,
    "SELECT encode(id, 'hex') AS id, attributes::text FROM telemetry.resource WHERE id = ANY($1::bytea[])",
    [[...new Set(resourceIds)].map((id) => Buffer.from(id, 'hex'))],
    limits,
  );
  const resources = new Map(resourceRows.map(({ id, attributes }) => [id, parseAttributes(attributes)]));
  const byTrace = new Map<string, TraceAttributes['spans']>();
  const headOf = headsOf(row);
  const parsed = new Map<string, Attributes>();
  for (const [index, text] of (row.attributes ?? '').split('\n').entries()) {
    const traceId = row.traces.slice(index * 32, index * 32 + 32);
    let spans = byTrace.get(traceId);
    if (!spans) {
      spans = [];
      byTrace.set(traceId, spans);
    }
    let attributes = parsed.get(text);
    if (!attributes) {
      attributes = parseAttributes(text);
      parsed.set(text, attributes);
    }
    spans.push({ ...headOf(index), attributes, resource: resources.get(resourceIds[index] ?? '') ?? nothing });
  }
  return [...new Set(traceIds)].flatMap((traceId) => {
    const spans = byTrace.get(traceId);
    return spans ? [{ traceId, spans }] : [];
  });
}

const nothing: Attributes = {};
