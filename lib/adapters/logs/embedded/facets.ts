import type { CallOptions } from '../port.ts';
import { environmentsOf, type Store } from './search.ts';

interface Range {
  environment: string;
  fromMs: number;
  toMs: number;
}

const mostServices = 500;
/** Attributes are read off so many of the newest lines. */
export const sampledLines = 5_000;
const mostValues = 100;

const ns = (ms: number) => `${BigInt(Math.floor(ms)) * 1_000_000n}`;

/** Services with lines in a range, by hopping from name to name through the index. */
export async function services(store: Store, range: Range, options: CallOptions = {}): Promise<string[]> {
  const rows = await store.reader.read<{ service: string }>(
    `WITH RECURSIVE names AS (
       SELECT e.environment, (
         SELECT min(l.service) FROM telemetry.log_record l
         WHERE l.environment = e.environment AND l.time_ns >= $2::bigint AND l.time_ns < $3::bigint
       ) AS service FROM unnest($1::text[]) AS e (environment)
       UNION ALL
       SELECT names.environment, (
         SELECT min(l.service) FROM telemetry.log_record l
         WHERE l.environment = names.environment AND l.service > names.service
           AND l.time_ns >= $2::bigint AND l.time_ns < $3::bigint
       ) FROM names WHERE names.service IS NOT NULL
     )
     SELECT DISTINCT service FROM (SELECT service FROM names WHERE service IS NOT NULL LIMIT ${mostServices}) AS found
     ORDER BY service`,
    [environmentsOf(range.environment, store.defaultEnvironment), ns(range.fromMs), ns(range.toMs)],
    { ...options, timeoutMs: store.timeoutMs },
  );
  return rows.map(({ service }) => service);
}

/** The newest lines of a range as a table `sample` with the columns `attributes` and `resource_id`. */
const sample = `
  sample AS (
    SELECT found.* FROM unnest($1::text[]) AS e (environment) CROSS JOIN LATERAL (
      SELECT l.attributes, l.resource_id FROM telemetry.log_record l
      WHERE l.environment = e.environment AND l.time_ns >= $2::bigint AND l.time_ns < $3::bigint
        AND ($4::text IS NULL OR l.service = $4)
      ORDER BY l.time_ns DESC, l.id DESC LIMIT ${sampledLines}
    ) AS found
  ),
  attribute AS (
    SELECT key, value, false AS of_resource FROM sample CROSS JOIN LATERAL jsonb_each_text(sample.attributes)
    UNION ALL
    SELECT key, value, true FROM (SELECT DISTINCT resource_id FROM sample) AS sender
    JOIN telemetry.resource r ON r.id = sender.resource_id CROSS JOIN LATERAL jsonb_each_text(r.attributes)
  )`;

const sampleValues = (store: Store, range: Range & { service?: string }) => [
  environmentsOf(range.environment, store.defaultEnvironment),
  ns(range.fromMs),
  ns(range.toMs),
  range.service ?? null,
];

/** Attributes of the newest lines and of who sent them, the most frequent first. All are found by index with `=`. */
export async function attributeKeys(
  store: Store,
  range: Range & { service?: string },
  options: CallOptions = {},
): Promise<{ key: string; indexed: boolean }[]> {
  const rows = await store.reader.read<{ key: string; indexed: boolean }>(
    `WITH ${sample}
     SELECT key, bool_or(NOT of_resource) AS indexed FROM attribute GROUP BY key ORDER BY count(*) DESC, key LIMIT 500`,
    sampleValues(store, range),
    { ...options, timeoutMs: store.timeoutMs },
  );
  return rows;
}

/** Values of one attribute in the newest lines, the most frequent first. */
export async function attributeValues(
  store: Store,
  { key, prefix = '', ...range }: Range & { service?: string; key: string; prefix?: string },
  options: CallOptions = {},
): Promise<string[]> {
  const rows = await store.reader.read<{ value: string }>(
    `WITH ${sample}
     SELECT value FROM attribute WHERE key = $5 AND value IS NOT NULL AND starts_with(lower(value), lower($6))
     GROUP BY value ORDER BY count(*) DESC, value LIMIT ${mostValues}`,
    [...sampleValues(store, range), key, prefix],
    { ...options, timeoutMs: store.timeoutMs },
  );
  return rows.map(({ value }) => value);
}
