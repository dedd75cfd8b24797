import { Counter, Histogram } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMetrics, expose, type Metrics } from './metrics.ts';

let metrics: Metrics;

beforeEach(() => {
  metrics = createMetrics({ process: false });
  new Counter({ name: 'things_total', help: 'Things.', labelNames: ['kind'], registers: [metrics] }).inc({
    kind: 'a # {b} c',
  });
  new Histogram({
    name: 'thing_duration_seconds',
    help: 'Durations.',
    buckets: [0.1, 1],
    enableExemplars: true,
    registers: [metrics],
  }).observe({ value: 0.05, exemplarLabels: { trace_id: 'abc' } as never });
});

// What Prometheus 2.42 and 3.x send.
const ACCEPTS = [
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
];

describe('expose', () => {
  it.each(ACCEPTS)('gives Prometheus OpenMetrics with exemplars (%s)', async (accept) => {
    const { contentType, body } = await expose(metrics, accept);
    expect(contentType).toContain('application/openmetrics-text');
    expect(body).toContain('# TYPE things counter\nthings_total{kind="a # {b} c"} 1');
    expect(body).toMatch(/thing_duration_seconds_bucket\{le="0.1"\} 1 # \{trace_id="abc"\} 0.05 \d+/);
    expect(body.endsWith('# EOF\n')).toBe(true);
  });

  it.each([undefined, '*/*', 'text/plain', 'text/plain;version=0.0.4,application/openmetrics-text;q=0.2'])(
    'gives others the text format without exemplars (%s)',
    async (accept) => {
      const { contentType, body } = await expose(metrics, accept);
      expect(contentType).toContain('text/plain');
      expect(body).toContain(
        '# HELP things_total Things.\n# TYPE things_total counter\nthings_total{kind="a # {b} c"} 1',
      );
      expect(body).toContain('thing_duration_seconds_bucket{le="0.1"} 1\n');
      expect(body).not.toMatch(/trace_id|# EOF/);
    },
  );

  it('gives each format unharmed whatever was asked for before', async () => {
    const texts: string[] = [];
    for (const accept of [undefined, ACCEPTS[0], undefined, ACCEPTS[0]])
      texts.push((await expose(metrics, accept)).body);
    expect(texts[2]).toBe(texts[0]);
    expect(texts[3]).toBe(texts[1]);
  });
});
