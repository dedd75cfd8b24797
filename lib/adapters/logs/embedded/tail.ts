import { setTimeout as wait } from 'node:timers/promises';
import type { LogLine, LogQuery } from '../port.ts';
import { conditions, Values } from './conditions.ts';
import { type LogRow, selected, toLine } from './rows.ts';
import { environmentsOf, type Store } from './search.ts';

/** Later than any time that is stored: a tail has no end. */
const endlessNs = 2n ** 63n - 1n;

interface ArrivedRow extends LogRow {
  arrival: string;
  found: string;
}

/**
 * Lines by the transaction that stored them. Each look reads those since the oldest transaction that was open at the
 * look before, and leaves out what it gave already: so a line that is committed late is never skipped.
 */
export async function* tail(
  store: Store,
  query: Omit<LogQuery, 'toNs'>,
  { signal, mostPerSecond, pollMs }: { signal: AbortSignal; mostPerSecond: number; pollMs: number },
): AsyncGenerator<{ lines: LogLine[]; dropped: number }> {
  const limit = Math.max(1, Math.round((mostPerSecond * pollMs) / 1_000));
  let since = await oldestOpen(store, signal);
  let given = new Map<string, bigint>();
  while (!signal.aborted) {
    const started = performance.now();
    const upTo = await oldestOpen(store, signal);
    const rows = await arrived(store, query, since, [...given.keys()], limit, signal);
    for (const row of rows) given.set(row.id, BigInt(row.arrival));
    given = new Map([...given].filter(([, arrival]) => arrival >= upTo));
    since = upTo;
    if (rows.length > 0) {
      const lines = rows.map((row) => toLine(row, store.defaultEnvironment)).reverse();
      yield { lines, dropped: Number(rows[0]?.found ?? rows.length) - rows.length };
    }
    const left = pollMs - (performance.now() - started);
    await wait(Math.max(50, left), undefined, { signal }).catch(() => undefined);
  }
}

/** Every transaction before this one has ended, and what it stored can be seen. */
async function oldestOpen(store: Store, signal: AbortSignal): Promise<bigint> {
  const rows = await store.reader.read<{ oldest: string }>(
    'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS oldest',
    [],
    { signal, timeoutMs: store.timeoutMs },
  );
  return BigInt(rows[0]?.oldest ?? 0);
}

/** The newest of what arrived and was not given yet. */
async function arrived(
  store: Store,
  query: Omit<LogQuery, 'toNs'>,
  since: bigint,
  given: string[],
  limit: number,
  signal: AbortSignal,
): Promise<ArrivedRow[]> {
  const resources = query.attributes.length > 0 ? await store.resources(query.environment, { signal }) : [];
  const values = new Values();
  const environments = values.add(environmentsOf(query.environment, store.defaultEnvironment), 'text[]');
  const where = [
    `l.arrival >= ${values.add(String(since), 'xid8')}`,
    `l.environment = ANY(${environments})`,
    ...conditions({ ...query, toNs: endlessNs }, resources, values),
  ];
  if (query.services.length > 0) where.push(`l.service = ANY(${values.add(query.services, 'text[]')})`);
  if (given.length > 0) {
    const ids = given.map((id) => Buffer.from(id, 'hex'));
    where.push(`l.id <> ALL(${values.add(ids, 'bytea[]')})`);
  }
  const text = `
    SELECT ${selected}, l.arrival, l.found FROM (
      SELECT l.*, count(*) OVER () AS found FROM telemetry.log_record l
      WHERE ${where.join(' AND ')} ORDER BY l.time_ns DESC, l.id DESC LIMIT ${values.add(limit, 'int')}
    ) AS l LEFT JOIN telemetry.resource r ON r.id = l.resource_id
    ORDER BY l.time_ns DESC, l.id DESC`;
  return store.reader.read<ArrivedRow>(text, values.list, { signal, timeoutMs: store.timeoutMs });
}
