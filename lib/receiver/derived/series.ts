import { addDurations, type Durations, emptyDurations } from '../decode/tally.ts';

/** A bounded set of series with the same label names. */
export interface Series {
  labels: string[];
  requests: number;
  failed: number;
  client: Durations;
  server: Durations;
  touchedAt: number;
}

export interface SeriesStore {
  /** Counts requests under these label values, or under fewer distinct ones when there is no room. */
  add(
    labels: string[],
    counts: Partial<Pick<Series, 'client' | 'server'>> & { requests: number; failed: number },
  ): void;
  /** Forgets series that nothing was added to since a time in ms. */
  forgetUntouchedSince(time: number): void;
  size(): number;
  [Symbol.iterator](): Iterator<Series>;
}

/**
 * Keeps at most `limit` series, and one more for each of the label values that `reduced` leaves of what does not fit:
 * it gives them from rich to poor, and the last must be the same for all.
 */
export function seriesStore(
  limit: number,
  reduced: (labels: string[]) => string[][],
  onOverflow: () => void,
): SeriesStore {
  const byLabels = new Map<string, Series>();
  let roomForReduced = Math.ceil(limit / 10);

  function find(labels: string[]): Series {
    const found = byLabels.get(labels.join('\0'));
    if (found) return found;
    if (byLabels.size < limit) return create(labels);
    onOverflow();
    const candidates = reduced(labels);
    for (const [index, candidate] of candidates.entries()) {
      const known = byLabels.get(candidate.join('\0'));
      if (known) return known;
      if (roomForReduced > 0 || index === candidates.length - 1) {
        roomForReduced -= 1;
        return create(candidate);
      }
    }
    throw new RangeError('there must be label values for what does not fit');
  }

  function create(labels: string[]): Series {
    const made = {
      labels,
      requests: 0,
      failed: 0,
      client: emptyDurations(),
      server: emptyDurations(),
      touchedAt: 0,
    };
    byLabels.set(labels.join('\0'), made);
    return made;
  }

  return {
    add(labels, { requests, failed, client, server }) {
      const series = find(labels);
      series.requests += requests;
      series.failed += failed;
      if (client) addDurations(series.client, client);
      if (server) addDurations(series.server, server);
      series.touchedAt = Date.now();
    },
    forgetUntouchedSince(time) {
      for (const [key, { touchedAt }] of byLabels) if (touchedAt < time) byLabels.delete(key);
      if (byLabels.size < limit) roomForReduced = Math.ceil(limit / 10);
    },
    size: () => byLabels.size,
    [Symbol.iterator]: () => byLabels.values(),
  };
}
