import type { Sampling } from '../port.ts';
import { type QueryLimits, read } from './pool.ts';
import type { Range } from './slices.ts';

const nsPerMinute = 60_000_000_000n;

/** How much of what arrived in a range was kept; null when nothing was left out. */
export async function samplingOf(
  sourceId: string,
  { fromNs, toNs }: Range,
  limits: QueryLimits,
): Promise<Sampling | null> {
  const [row] = await read<{ received: string; kept: string; least: number }>(
    sourceId,
    `SELECT coalesce(sum(received), 0)::text AS received, coalesce(sum(kept), 0)::text AS kept,
       coalesce(min(least_ratio), 1)::float8 AS least
     FROM telemetry.sampling WHERE minute >= $1::bigint AND minute <= $2::bigint`,
    [fromNs / nsPerMinute, toNs / nsPerMinute],
    limits,
  );
  const received = Number(row?.received ?? 0);
  const kept = Number(row?.kept ?? 0);
  if (!row || received === 0 || kept >= received) return null;
  return {
    keptRatio: Math.max(0, kept / received),
    leastRatio: Math.min(1, Math.max(0, row.least)),
    rule: 'Every trace with an error and every slow one is kept; of the others a share that follows the load.',
  };
}
