import type { CallOptions, LogLine, LogPosition } from '../port.ts';
import { bytes } from './conditions.ts';
import { type LogRow, selected, toLine } from './rows.ts';
import { environmentsOf, type Store } from './search.ts';

interface FocusRow extends LogRow {
  resource_id: Buffer;
  own_environment: string;
}

/** Lines before and after one, of the same service and instance, oldest first, itself included; null: not there. */
export async function context(
  store: Store,
  place: LogPosition & { environment: string },
  { before, after }: { before: number; after: number },
  options: CallOptions = {},
): Promise<LogLine[] | null> {
  const ask = { ...options, timeoutMs: store.timeoutMs };
  if (!/^[0-9a-f]{32}$/.test(place.id)) return null;
  const [focus] = await store.reader.read<FocusRow>(
    `SELECT ${selected}, l.resource_id, l.environment AS own_environment
     FROM telemetry.log_record l LEFT JOIN telemetry.resource r ON r.id = l.resource_id
     WHERE l.id = $1::bytea AND l.time_ns = $2::bigint AND l.environment = ANY($3::text[])`,
    [bytes(place.id), String(place.timeNs), environmentsOf(place.environment, store.defaultEnvironment)],
    ask,
  );
  if (!focus) return null;
  const senders = await sameInstance(store, place.environment, focus, options);
  const around = (operator: '<' | '>', direction: 'DESC' | 'ASC', limit: number) =>
    store.reader.read<LogRow>(
      `SELECT ${selected} FROM (
         SELECT l.* FROM telemetry.log_record l
         WHERE l.environment = $1 AND l.service = $2 AND l.resource_id = ANY($3::bytea[])
           AND (l.time_ns, l.id) ${operator} ($4::bigint, $5::bytea)
         ORDER BY l.time_ns ${direction}, l.id ${direction} LIMIT $6
       ) AS l LEFT JOIN telemetry.resource r ON r.id = l.resource_id
       ORDER BY l.time_ns, l.id`,
      [focus.own_environment, focus.service, senders, String(place.timeNs), bytes(place.id), limit],
      ask,
    );
  const [earlier, later] = await Promise.all([around('<', 'DESC', before), around('>', 'ASC', after)]);
  return [...earlier, focus, ...later].map((row) => toLine(row, store.defaultEnvironment));
}

/** Every resource of the instance that sent a line: a restart has the same instance and another process. */
async function sameInstance(
  store: Store,
  environment: string,
  focus: FocusRow,
  options: CallOptions,
): Promise<Buffer[]> {
  const all = await store.resources(environment, options);
  const instanceOf = (attributes: Record<string, unknown>) => attributes['service.instance.id'];
  const own = all.find(({ id }) => id.equals(focus.resource_id));
  const instance = own && instanceOf(own.attributes);
  if (instance === undefined) return [focus.resource_id];
  return all
    .filter(({ service, attributes }) => service === focus.service && instanceOf(attributes) === instance)
    .map(({ id }) => id);
}
