import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { choosePort, releasePort } from '#deploy/local/ports.ts';
import { startChild } from '#deploy/local/process/child.ts';
import { untilHttp } from '#deploy/local/process/until-http.ts';
import { createPrometheus, type Prometheus, setPrometheusSources } from '#lib/adapters/prometheus/index.ts';
import { startExporter } from '#lib/adapters/prometheus/testing/exporter.ts';
import { checkSource } from './check-source.ts';
import { compileIndicator } from './indicator.ts';
import type { SloDefinition } from './schemas.ts';
import { findTemplates } from './templates.ts';

// The distribution's Prometheus knows no native histograms from text; a newer one makes them of classic ones.
const program = join(
  process.env.QUARTERDECK_BACKENDS ?? join(homedir(), '.cache/quarterdeck-backends'),
  'bin/prometheus',
);
const isThere = existsSync(program);
if (!isThere) console.warn(`Native histograms are not tested: there is no newer Prometheus at ${program}.`);

const startedMs = Date.now();
/** 9 good and 1 failed request each second; a fifth of both took longer than half a second. */
function exposition(): string {
  const seconds = (Date.now() - startedMs) / 1_000;
  const name = 'http_server_request_duration_seconds';
  const lines = [
    ['200', 9],
    ['503', 1],
  ].flatMap(([code, perSecond]) => {
    const labels = `http_route="/",http_response_status_code="${code}"`;
    const count = Math.floor(seconds * 100 * Number(perSecond));
    const fast = Math.floor(count * 0.8);
    return [
      `${name}_bucket{${labels},le="0.5"} ${fast}`,
      `${name}_bucket{${labels},le="2.0"} ${count}`,
      `${name}_bucket{${labels},le="+Inf"} ${count}`,
      `${name}_count{${labels}} ${count}`,
      `${name}_sum{${labels}} ${count * 0.4}`,
    ];
  });
  return [`# TYPE ${name} histogram`, ...lines, ''].join('\n');
}

describe.skipIf(!isThere)('native histograms', () => {
  const stops: (() => unknown)[] = [];
  let prometheus: Prometheus;

  beforeAll(async () => {
    const exporter = await startExporter(exposition);
    stops.push(() => exporter.close());
    const folder = mkdtempSync(join(tmpdir(), 'native-'));
    stops.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    const config = join(folder, 'prometheus.yml');
    writeFileSync(
      config,
      `global: {scrape_interval: 1s}
scrape_configs:
  - job_name: search
    convert_classic_histograms_to_nhcb: true
    static_configs: [{targets: ["${exporter.address}"]}]
`,
    );
    const port = await choosePort();
    stops.push(() => releasePort(port));
    const url = `http://127.0.0.1:${port}`;
    const child = await startChild({
      name: 'prometheus',
      command: program,
      args: [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      env: process.env,
      graceMs: 5_000,
    });
    stops.push(() => child.stop());
    await untilHttp(`${url}/-/ready`, { timeoutMs: 60_000, alive: () => child.running() });
    prometheus = createPrometheus(
      {
        id: 'native',
        name: 'Prometheus',
        url,
        timeoutMs: 10_000,
        scrapeIntervalMs: 1_000,
        environmentLabel: 'deployment_environment_name',
        defaultEnvironment: 'production',
      },
      { isolated: true },
    );
    setPrometheusSources([prometheus]);
  });
  afterAll(async () => {
    setPrometheusSources(null);
    for (const stop of stops.reverse()) await stop();
  });

  async function value(expression: string): Promise<number | null> {
    const { series } = await prometheus.instantQuery(expression, { atMs: Date.now(), ttlMs: 0 });
    expect(series.length).toBeLessThanOrEqual(1);
    return series[0]?.points.at(-1)?.[1] ?? null;
  }
  async function share(definition: Pick<SloDefinition, 'environment' | 'indicator' | 'budgeting'>) {
    const { badRate, totalRate, atoms } = compileIndicator(definition, prometheus.source);
    expect(atoms).toBeNull();
    return value(`(${badRate(60_000)}) / (${totalRate(60_000)})`);
  }

  it('have templates that give figures', async () => {
    // A rate needs two scrapes.
    await expect
      .poll(() => value('sum(histogram_count(rate(http_server_request_duration_seconds[1m])))'), {
        timeout: 30_000,
        interval: 500,
      })
      .toBeGreaterThan(0);
    const templates = await findTemplates('production', 'search');
    expect(templates.map(({ id }) => id)).toEqual(['otel-http-availability', 'otel-http-latency']);
    const [availability, latency] = templates.map(({ definition }) => definition) as [SloDefinition, SloDefinition];
    expect(latency.indicator).toMatchObject({
      good: 'histogram_fraction(0, 0.5, http_server_request_duration_seconds{job="search"})',
    });
    expect(await share(availability)).toBeCloseTo(0.1, 1);
    expect(await share(latency)).toBeCloseTo(0.2, 1);
    const { found, problems } = await checkSource(latency);
    expect(problems).toEqual([]);
    expect(found).toMatchObject({ seriesTotal: 2, seriesGood: 2 });
  });

  it('are unknown where the label of failures is renamed, and 0 where none has happened', async () => {
    const of = (match: string) => ({
      environment: 'production',
      budgeting: { method: 'occurrences' } as const,
      indicator: {
        kind: 'ratio' as const,
        counter: true,
        good: null,
        bad: `histogram_count(http_server_request_duration_seconds{${match}})`,
        total: 'histogram_count(http_server_request_duration_seconds)',
      },
    });
    expect(await share(of('http_response_status_code=~"4.."'))).toBe(0);
    expect(await share(of('http_status=~"5.."'))).toBeNull();
    const nothing = {
      ...of(''),
      indicator: { ...of('').indicator, bad: null, good: 'histogram_fraction(0, 0.5, nothing)' },
    };
    expect(await share(nothing)).toBeNull();
  });
});
