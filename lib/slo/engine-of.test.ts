import { afterEach, expect, test } from 'vitest';
import { createPrometheus, setPrometheusSources } from '#lib/adapters/prometheus/index.ts';
import { engineOf } from './engine-of.ts';

const engine = (id: string, environment?: string) =>
  createPrometheus(
    {
      id,
      name: id,
      url: 'http://127.0.0.1:9',
      timeoutMs: 1_000,
      scrapeIntervalMs: 15_000,
      environmentLabel: 'env',
      defaultEnvironment: 'production',
      ...(environment !== undefined && { environment }),
    },
    { isolated: true },
  );

afterEach(() => setPrometheusSources(null));

test('is one of the environment alone, before one that holds several', () => {
  setPrometheusSources([engine('all'), engine('of staging', 'staging')]);
  expect(engineOf('staging').source.id).toBe('of staging');
  expect(engineOf('production').source.id).toBe('all');
});

test('is never one of another environment', () => {
  setPrometheusSources([engine('of production', 'production')]);
  expect(() => engineOf('staging')).toThrow('No metrics source holds the environment staging.');
});

test('is none where none is configured', () => {
  setPrometheusSources([]);
  expect(() => engineOf('production')).toThrow('No metrics source is configured');
});
