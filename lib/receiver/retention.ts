import type { Logger } from '#lib/core/log.ts';
import type { ReceiverMetrics } from './metrics.ts';
import type { Partition, Store } from './store.ts';

const everyMs = 15_000;
const msPerHour = 3_600_000;
/** Partitions are made this many hours ahead: the clocks of senders may be ahead by one. */
const hoursAhead = 3;

/**
 * Which hours must go, oldest first: those past their age, then the oldest until the rest is within the size. An hour
 * that alone is too large goes as well, also the present one: the size is a promise to the disk.
 */
export function hoursToDrop(
  partitions: readonly Partition[],
  { oldestHour, maxBytes }: { oldestHour: number; maxBytes: number },
): { hour: number; reason: 'age' | 'size' }[] {
  const byAge = [...partitions].sort((a, b) => a.hour - b.hour);
  let bytes = byAge.reduce((sum, partition) => sum + partition.bytes, 0);
  const drops: { hour: number; reason: 'age' | 'size' }[] = [];
  for (const partition of byAge) {
    const reason = partition.hour < oldestHour ? 'age' : bytes > maxBytes && partition.bytes > 0 ? 'size' : undefined;
    if (!reason) continue;
    drops.push({ hour: partition.hour, reason });
    bytes -= partition.bytes;
  }
  return drops;
}

export interface Retention {
  /** The oldest hour since 1970 that is kept: what is older is refused. */
  oldestHour(): number;
  /** Makes partitions ahead. */
  prepare(): Promise<void>;
  /** Makes partitions ahead and drops what must go; rejects when Postgres is away or a reader holds an hour. */
  run(): Promise<void>;
  stop(): void;
}

/** Keeps the store within its age and size. */
export function startRetention(
  store: Store,
  { retentionHours, retentionBytes }: { retentionHours: number; retentionBytes: number },
  metrics: ReceiverMetrics,
  logger: Logger,
): Retention {
  let droppedUpTo = 0;
  let timer: NodeJS.Timeout | undefined;
  const presentHour = () => Math.floor(Date.now() / msPerHour);
  const oldestHour = () => Math.max(presentHour() - retentionHours, droppedUpTo);

  function prepare(): Promise<void> {
    const now = presentHour();
    return store.ensurePartitions(Array.from({ length: hoursAhead + 1 }, (_, ahead) => now + ahead));
  }

  async function run(): Promise<void> {
    const now = presentHour();
    await prepare();
    const before = await store.partitions();
    const drops = hoursToDrop(before, { oldestHour: oldestHour(), maxBytes: retentionBytes });
    for (const { hour, reason } of drops) {
      if (reason === 'size') droppedUpTo = Math.max(droppedUpTo, Math.min(hour + 1, now));
      await store.dropPartition(hour);
      if (hour >= now) await store.ensurePartitions([hour]);
      metrics.partitionsDropped.inc({ reason });
      logger.info({ hour: new Date(hour * msPerHour).toISOString(), reason }, 'dropped an hour of telemetry');
    }
    const left = drops.length > 0 ? await store.partitions() : before;
    metrics.storeBytes.set(left.reduce((sum, { bytes }) => sum + bytes, 0));
    metrics.storePartitions.set(left.length);
    await store.forgetResources(new Date((oldestHour() - 3) * msPerHour));
    await store.forgetSampling(oldestHour() * 60);
  }

  function plan(delayMs: number): void {
    timer = setTimeout(async () => {
      await run().catch((error: Error) => logger.warn({ reason: error.message }, 'retention could not run'));
      if (timer) plan(everyMs);
    }, delayMs);
  }

  plan(1_000);
  return {
    oldestHour,
    prepare,
    run,
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
