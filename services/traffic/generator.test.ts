import { expect, it } from 'vitest';
import { UpstreamError } from '#kit/client/errors.ts';
import { createLogger } from '#kit/log.ts';
import { createMetrics } from '#kit/metrics.ts';
import { waitFor } from '#kit/testing/process.ts';
import { startGenerator } from './generator.ts';
import { JOURNEYS, type Journey, pickJourney } from './journeys.ts';

const log = createLogger({ service: 'traffic', write: () => {} });
const rhythm = { rate: 400, periodSeconds: 60, amplitude: 0 };

const total = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`^${name}\\{[^}]*\\} (\\d+)`, 'gm'))].reduce((sum, match) => sum + Number(match[1]), 0);

it('goes on arriving while nobody is served, up to a bound, and counts who was turned away', async () => {
  const metrics = createMetrics({ process: false });
  const waiting: (() => void)[] = [];
  const make = () => new Promise<void>((resolve) => waiting.push(resolve));
  const generator = startGenerator({ rhythm, maxInFlight: 10, metrics, log, make });
  await waitFor(async () => total(await metrics.metrics(), 'traffic_dropped_total') > 5, 'customers to be turned away');
  expect(generator.inFlight).toBe(10);
  const exposed = await metrics.metrics();
  expect(total(exposed, 'traffic_arrivals_total')).toBe(10);
  expect(exposed).toContain('traffic_in_flight 10');
  const stopped = generator.stop(2_000);
  for (const finish of waiting) finish();
  await stopped;
  expect(generator.inFlight).toBe(0);
});

it('counts journeys that the fleet failed, and goes on', async () => {
  const metrics = createMetrics({ process: false });
  let made = 0;
  const make = async () => {
    made += 1;
    throw made % 2 ? new UpstreamError('gateway', 'timeout', 'x') : new Error('x');
  };
  const generator = startGenerator({ rhythm, maxInFlight: 10, metrics, log, make });
  await waitFor(() => made > 10, 'some journeys');
  await generator.stop(500);
  const exposed = await metrics.metrics();
  expect(exposed).toMatch(/traffic_failed_total\{journey="\w+",error_type="timeout"\} [1-9]/);
  expect(exposed).toMatch(/traffic_failed_total\{journey="\w+",error_type="other"\} [1-9]/);
});

it('makes every kind of journey, most of them reads', () => {
  const counts = new Map<Journey, number>();
  for (let index = 0; index < 1_000; index++) {
    const journey = pickJourney(() => index / 1_000);
    counts.set(journey, (counts.get(journey) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual([...JOURNEYS].sort());
  const reads = (counts.get('browse') ?? 0) + (counts.get('search') ?? 0) + (counts.get('detail') ?? 0);
  expect(reads).toBeGreaterThan(800);
});
