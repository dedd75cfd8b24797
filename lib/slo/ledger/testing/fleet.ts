import type { HistorySeries } from '#lib/adapters/prometheus/testing/history.ts';
import { bucketMs, floorTo } from '../grid.ts';

const minute = 60_000;
const hour = 60 * minute;

export const scrapeMs = 15_000;

export interface Fleet {
  series: HistorySeries[];
  /** What happened, by start of the bucket in which it was first scraped. */
  truth: Map<number, { good: number; total: number }>;
  /** Nothing was scraped from its start to before its end. */
  gap: { fromMs: number; toMs: number };
}

interface Counter {
  samples: Map<number, number>;
  value: number;
  /** Happened, but not scraped yet. */
  waiting: number;
}

/**
 * Replicas of a service with everything that makes counting hard, event by event: errors in bursts of a minute, a
 * process that starts again under the same address, replicas that follow each other, jobs that live for a scrape or two,
 * an hour and a half in which nothing was scraped, and counters that had run for years
 * before.
 */
export function makeFleet(fromMs: number, toMs: number): Fleet {
  const random = randomNumbers(20_261_121);
  const counters = new Map<string, { labels: Record<string, string>; counter: Counter }>();
  const starts = new Map<string, Map<number, number>>();
  const truth: Fleet['truth'] = new Map();
  const gap = {
    fromMs: floorTo(fromMs + 30 * hour, hour) + 7 * minute,
    toMs: floorTo(fromMs + 30 * hour, hour) + 98 * minute,
  };

  const count = (
    instance: string,
    code: string,
    events: number,
    atMs: number,
    options: { old?: number; isReset?: boolean },
  ) => {
    const key = `${instance} ${code}`;
    let found = counters.get(key);
    if (!found) {
      if (events === 0) return;
      const counter: Counter = { samples: new Map(), value: options.old ?? 0, waiting: 0 };
      found = { labels: { job: 'shop', instance, code }, counter };
      counters.set(key, found);
    }
    const { counter } = found;
    const isFirst = counter.samples.size === 0;
    if (options.isReset) counter.value = 0;
    counter.value += events;
    counter.waiting = isFirst && options.old !== undefined ? 0 : counter.waiting + events;
    if (atMs >= gap.fromMs && atMs < gap.toMs) return;
    counter.samples.set(atMs, counter.value);
    const bucket = truth.get(floorTo(atMs, bucketMs)) ?? { good: 0, total: 0 };
    truth.set(floorTo(atMs, bucketMs), bucket);
    bucket.total += counter.waiting;
    if (code === '200') bucket.good += counter.waiting;
    counter.waiting = 0;
  };
  const started = (instance: string, atMs: number, sinceMs: number) => {
    if (atMs >= gap.fromMs && atMs < gap.toMs) return;
    const found = starts.get(instance) ?? new Map<number, number>();
    starts.set(instance, found.set(atMs, sinceMs / 1_000));
  };

  for (let atMs = fromMs; atMs <= toMs; atMs += scrapeMs) {
    const sinceMs = atMs - fromMs;
    const isBurst = sinceMs % (95 * minute) < minute;
    const load = 40 + Math.round(30 * Math.sin((2 * Math.PI * sinceMs) / (24 * hour)));
    const served = () => Math.floor(load * (0.5 + random()));
    const failed = () => (isBurst ? Math.floor(load * random()) : random() < 0.01 ? 1 : 0);

    // Ran for years; starts again under its address once in a while, with less than it had.
    const isReset = sinceMs > 0 && sinceMs % (11 * hour) === 0;
    count('a:80', '200', served() + 1, atMs, { old: 4_000_000_000, isReset });
    count('a:80', '500', failed(), atMs, { isReset, ...(sinceMs === 0 ? { old: 70_000 } : {}) });
    // A replica of its own address every six hours.
    const generation = Math.floor(sinceMs / (6 * hour));
    const replica = `b-${generation}:80`;
    const bornMs = fromMs + generation * 6 * hour;
    if (generation > 0) started(replica, atMs, bornMs - 4_000);
    count(replica, '200', served() + 1, atMs, generation === 0 && sinceMs === 0 ? { old: 900_000_000 } : {});
    count(replica, '500', failed(), atMs, sinceMs === 0 ? { old: 0 } : {});
    // Ran for a year before it was scraped for the first time, among others.
    if (sinceMs >= 40 * hour) {
      started('late:80', atMs, fromMs - 365 * 24 * hour);
      count('late:80', '200', served() + 1, atMs, sinceMs === 40 * hour ? { old: 77_000_000 } : {});
      if (sinceMs >= 41 * hour) count('late:80', '500', failed(), atMs, {});
    }
    // A job each forty minutes that is scraped once or twice.
    const jobAge = sinceMs % (40 * minute);
    if (sinceMs > hour && jobAge < 2 * scrapeMs) {
      const job = `job-${Math.floor(sinceMs / (40 * minute))}:80`;
      const isOnce = Math.floor(sinceMs / (40 * minute)) % 2 === 0;
      if (!isOnce || jobAge === 0) {
        started(job, atMs, atMs - jobAge - 9_000);
        count(job, '200', 17, atMs, {});
        count(job, '503', 3, atMs, {});
      }
    }
  }
  const all = [...counters.values()].map(({ labels, counter }) => ({
    name: 'shop_requests_total',
    labels,
    value: (atMs: number) => counter.samples.get(atMs) ?? null,
  }));
  const processes = [...starts].map(([instance, samples]) => ({
    name: 'process_start_time_seconds',
    labels: { job: 'shop', instance },
    value: (atMs: number) => samples.get(atMs) ?? null,
  }));
  return { series: [...all, ...processes], truth, gap };
}

/** Numbers from 0 to below 1, the same in every run (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
