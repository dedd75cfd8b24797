import { describe, expect, test } from 'vitest';
import { generatedPast, phases } from './events.ts';
import { type CounterSeries, type Grid, shopSeries } from './flows.ts';
import { logNormalShare, rhythm } from './rhythm.ts';

const untilMs = Date.UTC(2026, 10, 21, 14, 30);
const past = generatedPast(untilMs);
const grid: Grid = { fromMs: past.fromMs, stepMs: 150_000, steps: (35 * 86_400) / 150 + 1 };
const series = [...shopSeries(past, grid, 'production', 1)];
const named = (name: string, labels: Record<string, string>) =>
  series.filter(
    (one) => one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value),
  );
const ends = (all: readonly CounterSeries[]) => all.reduce((sum, { values }) => sum + (values.at(-1) as number), 0);

describe('generated history', () => {
  test('has every series once and only counters that never fall', () => {
    const ids = series.map(({ name, labels }) => name + JSON.stringify(labels));
    expect(new Set(ids).size).toBe(ids.length);
    for (const { values } of series) {
      expect(values.every((value, index) => index === 0 || value >= (values[index - 1] as number))).toBe(true);
    }
  });

  test('counts the same at callers and at the service', () => {
    const server = { name: 'http_server_request_duration_seconds_count' };
    const served = ends(named(server.name, { job: 'payment' }));
    const called = ends(named('http_client_request_duration_seconds_count', { peer_service: 'payment' }));
    expect(served).toBe(called);
    expect(served).toBeGreaterThan(5_000_000);
  });

  test('has cumulative buckets whose last is the count', () => {
    for (const count of named('http_server_request_duration_seconds_count', {
      job: 'order',
      http_response_status_code: '201',
    })) {
      const buckets = series.filter(
        ({ name, labels: { le, ...labels } }) =>
          le !== undefined && name.endsWith('_bucket') && JSON.stringify(labels) === JSON.stringify(count.labels),
      );
      const last = buckets.map(({ values }) => values.at(-1) as number);
      expect(last).toEqual(last.toSorted((a, b) => a - b));
      expect(last.length).toBeGreaterThan(3);
      expect(last.at(-1)).toBe(count.values.at(-1));
    }
  });

  test('spends part of the budget of payment on a bad deploy, and leaves some', () => {
    const failed = ends(
      named('http_client_request_duration_seconds_count', { peer_service: 'payment', error_type: '500' }),
    );
    const called = ends(named('http_client_request_duration_seconds_count', { peer_service: 'payment' }));
    const spent = failed / called / 0.0005;
    expect(spent).toBeGreaterThan(0.25);
    expect(spent).toBeLessThan(0.75);
  });

  test('ends at the pace of the live traffic, whatever the hour', () => {
    for (const hour of [0, 6, 12, 18]) {
      const end = untilMs + hour * 3_600_000;
      expect(rhythm(end)(end)).toBe(1);
    }
  });

  test('runs one version of a service at a time, without a hole', () => {
    const versions = phases(past, 'payment');
    expect(versions.map(({ version }) => version)).toEqual(['0.0.8', '0.0.9', '0.0.8', '0.0.10']);
    expect(versions[0]?.fromMs).toBe(past.fromMs);
    for (const [index, { toMs }] of versions.entries()) expect(toMs).toBe(versions[index + 1]?.fromMs ?? untilMs);
  });

  test('knows the log-normal distribution', () => {
    expect(logNormalShare(0.01, 0.01, 0.7)).toBeCloseTo(0.5, 6);
    expect(logNormalShare(Number.POSITIVE_INFINITY, 0.01, 0.7)).toBe(1);
    // One standard deviation: Φ(1).
    expect(logNormalShare(0.01 * Math.exp(0.7), 0.01, 0.7)).toBeCloseTo(0.841_344_7, 6);
  });
});
