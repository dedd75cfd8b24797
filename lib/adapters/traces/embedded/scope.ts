import { config } from '#lib/core/config.ts';
import type { TraceSearch } from '../port.ts';
import { entryCondition, holding, inEnvironment, type Scope } from './conditions.ts';
import { type QueryLimits, read } from './pool.ts';
import type { Range } from './slices.ts';
import { Parameters } from './sql.ts';

/** Spans that name no environment belong to the one that is the default. */
export function environmentsOf(environment: string): string[] {
  return environment === config().QD_DEFAULT_ENVIRONMENT ? [environment, ''] : [environment];
}

/** Finds out what decides how a search is put to the store. */
export async function findScope(
  sourceId: string,
  search: TraceSearch,
  range: Range,
  limits: QueryLimits,
): Promise<Scope> {
  const parameters = new Parameters();
  // One environment keeps the order of the indexes; only where some sender names none are there two.
  const nameless = "EXISTS (SELECT FROM telemetry.resource r WHERE r.environment = '')";
  const entries =
    search.service === undefined
      ? 'true'
      : `EXISTS (SELECT FROM telemetry.span s
          WHERE ${inEnvironment('s', environmentsOf(search.environment), parameters)}
          AND s.service = ${parameters.add(search.service, 'text')} AND ${entryCondition('s')}
          AND s.start_ns >= ${parameters.add(range.fromNs, 'bigint')} AND s.start_ns < ${parameters.add(range.toNs, 'bigint')})`;
  const onResources = search.attributes.map((filter) =>
    filter.scope === 'span'
      ? 'false'
      : `EXISTS (SELECT FROM telemetry.resource r WHERE ${holding('r', filter, parameters)})`,
  );
  const [row] = await read<{ nameless: boolean; entries: boolean; resources: boolean[] }>(
    sourceId,
    `SELECT ${nameless} AS nameless, ${entries} AS entries, ARRAY[${onResources.join(', ')}]::boolean[] AS resources`,
    parameters.values,
    limits,
  );
  return {
    environments: row?.nameless ? environmentsOf(search.environment) : [search.environment],
    hasEntries: row?.entries ?? true,
    onResources: row?.resources ?? [],
  };
}
