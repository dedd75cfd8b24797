import { isLogSourceError } from '../errors.ts';
import type { CallOptions, LogPosition, LogQuery, LogSearchAnswer } from '../port.ts';
import { bytes, conditions, isOrdered, type StoredResource, unindexed, Values } from './conditions.ts';
import type { Reader } from './postgres.ts';
import { type LogRow, longestBody, selected, toLine } from './rows.ts';
import { type Slice, slicer } from './slices.ts';

export interface SearchPage {
  limit: number;
  order: 'newest' | 'oldest';
  after?: LogPosition;
}

export interface Store {
  reader: Reader;
  defaultEnvironment: string;
  /** How long one search may take in all. */
  timeoutMs: number;
  /** Resources of an environment; they are few and change seldom. */
  resources(environment: string, options?: CallOptions): Promise<StoredResource[]>;
  hasTextIndex(options?: CallOptions): Promise<boolean>;
}

/** A part with less time than this is not begun, in milliseconds. */
export const leastMs = 50;
const highestId = 'ff'.repeat(16);
const lowestId = '00'.repeat(16);

/**
 * One page of lines. What an index finds in order is asked at once; else time is looked at part by part, and when the
 * time allowed runs out, the answer says how far it got.
 */
export async function search(
  store: Store,
  query: LogQuery,
  page: SearchPage,
  options: CallOptions = {},
): Promise<LogSearchAnswer> {
  const resources = query.attributes.length > 0 ? await store.resources(query.environment, options) : [];
  const notes: string[] = [];
  const slow = unindexed(query, await store.hasTextIndex(options));
  if (slow) notes.push(slow);
  const deadline = performance.now() + store.timeoutMs;
  const within = narrowed(query, page);
  const rows: LogRow[] = [];
  const parts = slicer(within, page.order);
  let isPartial = false;

  const ask = (slice: Slice, limit: number, timeoutMs: number) => {
    const statement = searchStatement({ ...query, ...slice }, { ...page, limit }, store.defaultEnvironment, resources);
    return store.reader.read<LogRow>(statement.text, statement.values, { ...options, timeoutMs });
  };

  if (isOrdered(query)) {
    rows.push(...(within.fromNs < within.toNs ? await ask(within, page.limit + 1, store.timeoutMs) : []));
  } else {
    for (let slice = parts.next(); slice && rows.length <= page.limit; slice = parts.next()) {
      const left = deadline - performance.now();
      if (left < leastMs && parts.hasBegun()) {
        isPartial = true;
        break;
      }
      try {
        rows.push(...(await ask(slice, page.limit + 1 - rows.length, Math.max(leastMs, left / 2))));
        parts.done(slice);
      } catch (error) {
        if (!isLogSourceError(error) || error.kind !== 'timeout') throw error;
        if (deadline - performance.now() > 200 && parts.shrink()) continue;
        if (!parts.hasBegun()) throw error;
        isPartial = true;
        break;
      }
    }
  }
  const truncated = rows.length > page.limit;
  const kept = rows.slice(0, page.limit);
  const cut = kept.filter((row) => row.cut).length;
  if (cut > 0) notes.push(`${cut === 1 ? 'One line was' : `${cut} lines were`} cut at ${longestBody} characters.`);
  const answer: LogSearchAnswer = {
    lines: kept.map((row) => toLine(row, store.defaultEnvironment)),
    truncated: truncated || isPartial,
    notes,
  };
  if (isPartial && !truncated) {
    const timeNs = parts.reachedNs();
    answer.reached = page.order === 'newest' ? { timeNs, id: lowestId } : { timeNs: timeNs - 1n, id: highestId };
    const at = `${new Date(Number(timeNs / 1_000_000n)).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
    notes.push(
      `Stopped after ${Math.round(store.timeoutMs / 1_000)} s: looked ${page.order === 'newest' ? 'back' : 'forward'} to ${at}.`,
    );
  }
  return answer;
}

/** The range that is left behind a position. */
function narrowed({ fromNs, toNs }: LogQuery, { order, after }: SearchPage): Slice {
  if (!after) return { fromNs, toNs };
  return order === 'newest'
    ? { fromNs, toNs: after.timeNs + 1n < toNs ? after.timeNs + 1n : toNs }
    : { fromNs: after.timeNs > fromNs ? after.timeNs : fromNs, toNs };
}

/** Environments as rows have them: those without one belong to the usual one. */
export function environmentsOf(environment: string, defaultEnvironment: string): string[] {
  return environment === defaultEnvironment ? [environment, ''] : [environment];
}

/**
 * Asks each pair of environment and service by itself for its first lines, in the order of its index, and takes the
 * first of all: so it costs the same however many lines there are.
 */
export function searchStatement(
  query: LogQuery,
  { limit, order, after }: SearchPage,
  defaultEnvironment: string,
  resources: readonly StoredResource[],
): { text: string; values: unknown[] } {
  const values = new Values();
  const environments = values.add(environmentsOf(query.environment, defaultEnvironment), 'text[]');
  const where = conditions(query, resources, values);
  const direction = order === 'newest' ? 'DESC' : 'ASC';
  if (after) {
    const place = `(${values.add(String(after.timeNs), 'bigint')}, ${values.add(bytes(after.id), 'bytea')})`;
    where.push(`(l.time_ns, l.id) ${order === 'newest' ? '<' : '>'} ${place}`);
  }
  const services =
    query.services.length > 0 ? `CROSS JOIN unnest(${values.add(query.services, 'text[]')}) AS s (service)` : '';
  if (services) where.push('l.service = s.service');
  const most = values.add(limit, 'int');
  const text = `
    SELECT ${selected}
    FROM (
      SELECT found.* FROM unnest(${environments}) AS e (environment) ${services}
      CROSS JOIN LATERAL (
        SELECT l.* FROM telemetry.log_record l
        WHERE l.environment = e.environment AND ${where.join(' AND ')}
        ORDER BY l.time_ns ${direction}, l.id ${direction} LIMIT ${most}
      ) AS found
      ORDER BY found.time_ns ${direction}, found.id ${direction} LIMIT ${most}
    ) AS l LEFT JOIN telemetry.resource r ON r.id = l.resource_id
    ORDER BY l.time_ns ${direction}, l.id ${direction}`;
  return { text, values: values.list };
}
