import { isLogSourceError } from '../errors.ts';
import { bucketGrid } from '../grid.ts';
import { emptyCounts, levelNames } from '../levels.ts';
import type { CallOptions, LogHistogram, LogQuery } from '../port.ts';
import { conditions, unindexed, Values } from './conditions.ts';
import { environmentsOf, leastMs, type Store } from './search.ts';
import { slicer } from './slices.ts';

/** Counts lines by bucket and level, from the newest back; when time runs out, what is older is left out and said. */
export async function histogram(
  store: Store,
  query: LogQuery,
  buckets: number,
  options: CallOptions = {},
): Promise<LogHistogram> {
  const grid = bucketGrid(query, buckets);
  const firstNs = BigInt(grid.fromMs) * 1_000_000n;
  const stepNs = BigInt(grid.stepMs) * 1_000_000n;
  const whole = { fromNs: firstNs, toNs: firstNs + stepNs * BigInt(grid.count) };
  const resources = query.attributes.length > 0 ? await store.resources(query.environment, options) : [];
  const slow = unindexed(query, await store.hasTextIndex(options));
  const notes = slow ? [slow] : [];
  const counts = emptyCounts(grid.count);
  const deadline = performance.now() + store.timeoutMs;
  const parts = slicer(whole, 'newest');
  let isPartial = false;
  for (let slice = parts.next(); slice; slice = parts.next()) {
    const statement = countStatement({ ...query, ...slice }, firstNs, stepNs, store.defaultEnvironment, resources);
    const left = deadline - performance.now();
    if (left < leastMs && parts.hasBegun()) {
      isPartial = true;
      break;
    }
    try {
      const timeoutMs = Math.max(leastMs, left / 2);
      const rows = await store.reader.read<CountRow>(statement.text, statement.values, { ...options, timeoutMs });
      for (const { bucket, level, lines } of rows) {
        const of = counts[level < 0 ? 'none' : (levelNames[level] ?? 'none')];
        of[bucket] = (of[bucket] ?? 0) + Number(lines);
      }
      parts.done(slice);
    } catch (error) {
      if (!isLogSourceError(error) || error.kind !== 'timeout') throw error;
      if (deadline - performance.now() > 200 && parts.shrink()) continue;
      if (!parts.hasBegun()) throw error;
      isPartial = true;
      break;
    }
  }
  const skipped = isPartial ? Number((parts.reachedNs() - firstNs + stepNs - 1n) / stepNs) : 0;
  const fromMs = grid.fromMs + skipped * grid.stepMs;
  if (isPartial) {
    const at = `${new Date(fromMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
    notes.push(`Counting stopped after ${Math.round(store.timeoutMs / 1_000)} s: counted since ${at}.`);
    for (const of of Object.values(counts)) of.splice(0, skipped);
  }
  return { stepMs: grid.stepMs, fromMs, counts, exact: !isPartial, notes };
}

interface CountRow {
  bucket: number;
  level: number;
  lines: string;
}

function countStatement(
  query: LogQuery,
  firstNs: bigint,
  stepNs: bigint,
  defaultEnvironment: string,
  resources: Awaited<ReturnType<Store['resources']>>,
): { text: string; values: unknown[] } {
  const values = new Values();
  const environments = values.add(environmentsOf(query.environment, defaultEnvironment), 'text[]');
  const where = [`l.environment = ANY(${environments})`, ...conditions(query, resources, values)];
  if (query.services.length > 0) where.push(`l.service = ANY(${values.add(query.services, 'text[]')})`);
  const bucket = `((l.time_ns - ${values.add(String(firstNs), 'bigint')}) / ${values.add(String(stepNs), 'bigint')})::int`;
  const level = 'CASE WHEN l.severity < 1 THEN -1 ELSE (l.severity - 1) / 4 END';
  const text = `SELECT ${bucket} AS bucket, ${level} AS level, count(*) AS lines
    FROM telemetry.log_record l WHERE ${where.join(' AND ')} GROUP BY 1, 2`;
  return { text, values: values.list };
}
