import type { Range as AskedRange, AttributeKey, AttributeScope } from '../port.ts';
import { namesOf } from '../semconv.ts';
import { inEnvironment } from './conditions.ts';
import { type QueryLimits, read } from './pool.ts';
import { environmentsOf } from './scope.ts';
import { likePattern, msToNs, Parameters } from './sql.ts';

const mostNames = 500;
const mostValues = 100;

/**
 * What exists is read from the newest spans of every piece of the range, up to `each` of a service in a piece: names
 * that are rarer than that may be missed.
 */
function sampled(
  { environment, fromMs, toMs, service }: AskedRange & { service?: string },
  each: number,
  columns: string,
  parameters: Parameters,
): string {
  const pieces = service === undefined ? 4 : 24;
  const from = msToNs(fromMs);
  const width = (msToNs(toMs) - from) / BigInt(pieces) + 1n;
  const starts = Array.from({ length: pieces }, (_, index) => from + width * BigInt(index));
  const environments = environmentsOf(environment);
  const services =
    service === undefined
      ? `(SELECT DISTINCT r.service FROM telemetry.resource r WHERE ${inEnvironment('r', environments, parameters)})`
      : `(SELECT ${parameters.add(service, 'text')} AS service)`;
  return `unnest(${parameters.add(starts, 'bigint[]')}) AS piece (a) CROSS JOIN ${services} AS sender
    CROSS JOIN LATERAL (SELECT ${columns} FROM telemetry.span s
      WHERE ${inEnvironment('s', environments, parameters)} AND s.service = sender.service
      AND s.start_ns >= piece.a AND s.start_ns < piece.a + ${parameters.add(width, 'bigint')}
      ORDER BY s.start_ns DESC LIMIT ${each}) s`;
}

/** Services that sent spans in a range. */
export async function readServices(sourceId: string, range: AskedRange, limits: QueryLimits): Promise<string[]> {
  const parameters = new Parameters();
  const environments = environmentsOf(range.environment);
  const rows = await read<{ service: string }>(
    sourceId,
    `SELECT DISTINCT r.service FROM telemetry.resource r
     WHERE ${inEnvironment('r', environments, parameters)} AND EXISTS (SELECT FROM telemetry.span s
       WHERE s.environment = r.environment AND s.service = r.service
       AND s.start_ns >= ${parameters.add(msToNs(range.fromMs), 'bigint')}
       AND s.start_ns < ${parameters.add(msToNs(range.toMs), 'bigint')})
     ORDER BY r.service`,
    parameters.values,
    limits,
  );
  return rows.map(({ service }) => service);
}

export async function readOperations(
  sourceId: string,
  range: AskedRange & { service: string },
  limits: QueryLimits,
): Promise<string[]> {
  const parameters = new Parameters();
  const rows = await read<{ name: string }>(
    sourceId,
    `SELECT DISTINCT s.name FROM ${sampled(range, 1_000, 's.name', parameters)} ORDER BY s.name LIMIT ${mostNames}`,
    parameters.values,
    limits,
  );
  return rows.map(({ name }) => name);
}

/** Keys that occur, those of spans first; each by name. */
export async function readKeys(
  sourceId: string,
  range: AskedRange & { service?: string },
  limits: QueryLimits,
): Promise<AttributeKey[]> {
  const parameters = new Parameters();
  const inService = range.service === undefined ? 'true' : `r.service = ${parameters.add(range.service, 'text')}`;
  const rows = await read<{ scope: AttributeScope; key: string }>(
    sourceId,
    `(SELECT DISTINCT 'span' AS scope, k.key
        FROM ${sampled(range, 100, 's.attributes', parameters)}, jsonb_object_keys(s.attributes) AS k (key)
        ORDER BY 2 LIMIT ${mostNames})
     UNION ALL
     (SELECT DISTINCT 'resource', k.key FROM telemetry.resource r, jsonb_object_keys(r.attributes) AS k (key)
        WHERE ${inEnvironment('r', environmentsOf(range.environment), parameters)} AND ${inService}
        ORDER BY 2 LIMIT ${mostNames})`,
    parameters.values,
    limits,
  );
  return rows.map(({ scope, key }) => ({ scope, key, indexed: scope === 'span' }));
}

/** Values of one key, the most frequent among the spans looked at first. */
export async function readValues(
  sourceId: string,
  range: AskedRange & { service?: string; scope: AttributeScope; key: string; prefix?: string },
  limits: QueryLimits,
): Promise<string[]> {
  const parameters = new Parameters();
  const keys = namesOf(range.key).map((name) => parameters.add(name, 'text'));
  const valueIn = (alias: string) => `coalesce(${keys.map((key) => `${alias}.attributes ->> ${key}`).join(', ')})`;
  const from =
    range.scope === 'span'
      ? sampled(range, 1_000, `${valueIn('s')} AS value`, parameters)
      : `${sampled(range, 500, 's.resource_id', parameters)}
         JOIN LATERAL (SELECT ${valueIn('r')} AS value FROM telemetry.resource r WHERE r.id = s.resource_id) v ON true`;
  const prefix = range.prefix ? `AND value ILIKE ${parameters.add(`${likePattern(range.prefix)}%`, 'text')}` : '';
  const rows = await read<{ value: string }>(
    sourceId,
    `SELECT value FROM ${from} WHERE value IS NOT NULL ${prefix}
     GROUP BY value ORDER BY count(*) DESC, value LIMIT ${mostValues}`,
    parameters.values,
    limits,
  );
  return rows.map(({ value }) => value);
}
