import { expect, test } from 'vitest';
import type { SloDefinition } from '#lib/slo/schemas.ts';
import { tallyOf } from './recordings.ts';

const hourMs = 3_600_000;
const grid = { fromMs: 10 * hourMs, stepMs: 150_000, steps: 2 * 24 + 1 };
const definition = {
  environment: 'production',
  name: 'checkout',
  service: 'shop',
  indicator: { kind: 'ratio', counter: true, good: null, bad: 'calls_total{code="500"}', total: 'calls_total' },
  budgeting: { method: 'occurrences' },
} as SloDefinition;

test('recorded series are the rates of what the selectors of an SLO see', () => {
  Object.assign(process.env, { DATABASE_URL: 'postgresql://nobody@127.0.0.1/none', QD_SECRET: 'x'.repeat(32) });
  const tally = tallyOf(definition, 'deployment_environment_name', grid);
  const steady = Float64Array.from({ length: grid.steps }, (_, step) => step * 150);
  // Twelve failures in the last half hour: one a step.
  const failing = Float64Array.from({ length: grid.steps }, (_, step) => Math.max(0, step - 36));
  tally?.add({ name: 'calls_total', labels: { code: '200' }, firstStep: 0, values: steady });
  tally?.add({ name: 'calls_total', labels: { code: '500' }, firstStep: 0, values: failing });
  tally?.add({ name: 'other_total', labels: { code: '500' }, firstStep: 0, values: steady });
  const found = new Map(tally?.recorded().map((one) => [one.name, one]));
  const last = (name: string) => found.get(name)?.values.at(-1);
  expect(last('slo:sli_bad:rate5m')).toBeCloseTo(2 / 300, 9);
  expect(last('slo:sli_total:rate5m')).toBeCloseTo(1 + 2 / 300, 9);
  expect(last('slo:sli_bad:rate1h')).toBeCloseTo(12 / 3_600, 9);
  expect(found.get('slo:sli_total:rate1h')?.grid).toMatchObject({ fromMs: 11 * hourMs, stepMs: hourMs, steps: 2 });
  expect(found.get('slo:sli_total:rate5m')?.labels).toEqual({
    slo: 'checkout',
    service: 'shop',
    deployment_environment_name: 'production',
  });
});
