import type { Columns } from './decode/columns.ts';
import type { Signal } from './decode/levels.ts';
import type { ResourceRow } from './decode/resource.ts';
import type { Decoded } from './decode/spans.ts';
import type { ReceiverMetrics } from './metrics.ts';
import {
  type Batch,
  isDataError,
  isMissingPartition,
  type SamplingCount,
  type Store,
  type UndecidedRow,
} from './store.ts';

const mostRows = 10_000;
const mostBytes = 8 * 1024 * 1024;
/** A resource that keeps sending is marked as seen this often. */
const resourceRefreshMs = 10 * 60_000;
const mostKnownResources = 20_000;

/** Postgres does not take anything now; the sender should try again. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/** Postgres will never take these rows. */
export class UnstorableError extends Error {
  override readonly name = 'UnstorableError';
}

/** What is stored together or not at all. */
export interface WriteItem {
  signal: Signal;
  rows: number;
  pieces: Columns[];
  resources: ResourceRow[];
  /** Hours since 1970 that rows fall in. */
  hours: number[];
  /** What it takes in memory, roughly. */
  bytes: number;
  /** Items of a request that is acknowledged by it. */
  accepted: number;
  undecided?: UndecidedRow[];
  /** Ids of undecided rows that are to go. */
  decided?: string[];
  sampling?: SamplingCount[];
}

export interface Writer {
  /** Resolves once it is committed. Rejects with `StoreUnavailableError` or `UnstorableError`. */
  write(item: WriteItem): Promise<void>;
  /** Resolves when all that was given has been settled. */
  idle(): Promise<void>;
}

interface Waiting {
  item: WriteItem;
  resolve(): void;
  reject(error: Error): void;
}

/** Stores what waits in batches, one transaction after the other: under load batches grow, idle they are single. */
export function createWriter(store: Store, metrics: ReceiverMetrics, onUnavailable: (error: Error) => void): Writer {
  const queue: Waiting[] = [];
  const resourcesSeen = new Map<string, number>();
  let running: Promise<void> | undefined;

  function start(): void {
    running ??= run().finally(() => {
      running = undefined;
      if (queue.length > 0) start();
    });
  }

  async function run(): Promise<void> {
    while (queue.length > 0) await settle(take());
  }

  function take(): Waiting[] {
    let rows = 0;
    let bytes = 0;
    let count = 0;
    for (const { item } of queue) {
      rows += item.rows;
      bytes += item.bytes;
      if (count > 0 && (rows > mostRows || bytes > mostBytes)) break;
      count += 1;
    }
    return queue.splice(0, count);
  }

  async function settle(group: Waiting[]): Promise<void> {
    try {
      const added = await insert(group);
      const rows = { traces: 0, logs: 0 };
      for (const { item } of group) {
        rows[item.signal] += item.rows;
        metrics.accepted.inc({ signal: item.signal }, item.accepted);
      }
      for (const signal of ['traces', 'logs'] as const) {
        metrics.duplicates.inc({ signal }, rows[signal] - added[signal]);
      }
      for (const { resolve } of group) resolve();
    } catch (error) {
      if (isDataError(error) && group.length > 1) {
        for (const one of group) await settle([one]);
        return;
      }
      const cause = error as Error;
      const failure = isDataError(error)
        ? new UnstorableError(cause.message, { cause })
        : new StoreUnavailableError(cause.message, { cause });
      if (failure instanceof StoreUnavailableError) onUnavailable(cause);
      for (const { reject } of group) reject(failure);
    }
  }

  async function insert(group: Waiting[]): Promise<Record<Signal, number>> {
    const batch = toBatch(group, resourcesSeen);
    const startedAt = performance.now();
    const done = (outcome: string) =>
      metrics.batchDuration.observe({ outcome }, (performance.now() - startedAt) / 1000);
    metrics.batchItems.observe(group.reduce((sum, { item }) => sum + item.rows, 0));
    try {
      const added = await insertWithPartitions(batch);
      done('committed');
      if (resourcesSeen.size > mostKnownResources) resourcesSeen.clear();
      for (const { id } of batch.resources) resourcesSeen.set(id, Date.now());
      return added;
    } catch (error) {
      done('failed');
      throw error;
    }
  }

  async function insertWithPartitions(batch: Batch): Promise<Record<Signal, number>> {
    await store.ensurePartitions(batch.hours);
    try {
      return await store.insert(batch);
    } catch (error) {
      if (!isMissingPartition(error)) throw error;
      store.forgetPartitions();
      await store.ensurePartitions(batch.hours);
      return await store.insert(batch);
    }
  }

  return {
    write: (item) =>
      new Promise((resolve, reject) => {
        queue.push({ item, resolve, reject });
        start();
      }),
    async idle() {
      while (running) await running;
    },
  };
}

/** What rows take in memory, roughly. */
export function decodedBytes(decoded: Decoded): number {
  let bytes = 0;
  for (const { columns } of decoded.pieces) for (const column of columns) bytes += column.length;
  return bytes + (decoded.packed?.text.byteLength ?? 0);
}

/** All of a request, to be stored as it is. */
export function decodedItem(signal: Signal, decoded: Decoded): WriteItem {
  const { rows, pieces, resources, hours } = decoded;
  return { signal, rows, pieces, resources, hours, bytes: decodedBytes(decoded), accepted: rows };
}

function toBatch(group: Waiting[], resourcesSeen: Map<string, number>): Batch {
  const staleBefore = Date.now() - resourceRefreshMs;
  const resources = new Map<string, ResourceRow>();
  const hours = new Set<number>();
  const pieces: Batch['pieces'] = { traces: [], logs: [] };
  const undecided: UndecidedRow[] = [];
  const decided: string[] = [];
  const sampling: SamplingCount[] = [];
  for (const { item } of group) {
    for (const resource of item.resources) {
      if ((resourcesSeen.get(resource.id) ?? 0) < staleBefore) resources.set(resource.id, resource);
    }
    for (const hour of item.hours) hours.add(hour);
    pieces[item.signal].push(...item.pieces);
    undecided.push(...(item.undecided ?? []));
    decided.push(...(item.decided ?? []));
    sampling.push(...(item.sampling ?? []));
  }
  return { resources: [...resources.values()], hours: [...hours], pieces, undecided, decided, sampling };
}
