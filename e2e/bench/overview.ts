import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrometheus } from '#deploy/local/testing/prometheus.ts';
import { metric, startConsole } from './console-process.ts';
import { startExporter } from './exporter.ts';
import { percentile, type Row } from './report.ts';

const scrapeSeconds = 5;
const historySeconds = 70;
const coldRuns = 5;
const warmRequests = 300;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function timed(work: () => Promise<Response>): Promise<number> {
  const started = performance.now();
  const response = await work();
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  return performance.now() - started;
}

interface LoggedQuery {
  params: { query: string; start: string; end: string; step: number };
}

const logged = (file: string): LoggedQuery[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"query"'))
    .map((line) => JSON.parse(line) as LoggedQuery);

/** Asks Prometheus itself what the console asked. */
function raw(url: string, { params }: LoggedQuery): Promise<Response> {
  const { query, start, end, step } = params;
  const path = step > 0 ? 'query_range' : 'query';
  const body: Record<string, string> = step > 0 ? { query, start, end, step: String(step) } : { query, time: start };
  return fetch(`${url}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(body) });
}

/**
 * The overview's answer over generated services that a real Prometheus scrapes: upstream queries, cold time beside the
 * slowest of the same queries asked directly, and warm time with one viewer after another.
 */
export async function benchOverview(services: number): Promise<Row[]> {
  const bench = `overview, ${services} services`;
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-bench-'));
  const queryLog = join(folder, 'queries.log');
  const exporter = await startExporter(services);
  const prometheus = await startPrometheus({
    config: `global: {scrape_interval: ${scrapeSeconds}s, query_log_file: ${queryLog}}
scrape_configs:
  - {job_name: bench, honor_labels: true, static_configs: [{targets: ['${exporter.address}']}]}
`,
  });
  try {
    const console = await startConsole({
      PROMETHEUS_URL: prometheus.url,
      PROMETHEUS_SCRAPE_SECONDS: String(scrapeSeconds),
      QD_DEFAULT_ENVIRONMENT: 'bench',
    });
    try {
      await sleep(historySeconds * 1_000);
      const ask = () => fetch(`${console.url}/api/v1/overview?env=bench`, { headers: console.headers });
      await timed(ask); // discovery, which is kept for five minutes
      const cold: number[] = [];
      const slowest: number[] = [];
      let queries = 0;
      for (let run = 0; run < coldRuns; run++) {
        await sleep((scrapeSeconds + 1) * 1_000);
        const before = {
          upstream: await metric(console.url, 'quarterdeck_upstream_query_duration_seconds_count'),
          lines: logged(queryLog).length,
        };
        cold.push(await timed(ask));
        queries = Math.max(
          queries,
          (await metric(console.url, 'quarterdeck_upstream_query_duration_seconds_count')) - before.upstream,
        );
        await sleep(300);
        const own = logged(queryLog).slice(before.lines);
        const times: number[] = [];
        for (const query of own)
          times.push(
            Math.min(await timed(() => raw(prometheus.url, query)), await timed(() => raw(prometheus.url, query))),
          );
        slowest.push(Math.max(...times));
      }
      const warm: number[] = [];
      for (let index = 0; index < warmRequests; index++) warm.push(await timed(ask));
      const coldMs = percentile(cold, 0.5);
      const slowestMs = percentile(slowest, 0.5);
      return [
        {
          bench,
          measure: 'upstream queries, cold',
          value: queries,
          unit: 'queries',
          bar: '≤ 6',
          met: queries > 0 && queries <= 6,
        },
        { bench, measure: 'cold, median', value: coldMs, unit: 'ms' },
        { bench, measure: 'slowest of its queries, asked directly', value: slowestMs, unit: 'ms' },
        {
          bench,
          measure: 'cold by slowest query',
          value: coldMs / slowestMs,
          unit: '×',
          bar: '≤ 1.2',
          met: coldMs / slowestMs <= 1.2,
        },
        {
          bench,
          measure: 'warm, p95',
          value: percentile(warm, 0.95),
          unit: 'ms',
          bar: '< 50',
          met: percentile(warm, 0.95) < 50,
        },
      ];
    } finally {
      await console.stop();
    }
  } finally {
    await prometheus.stop();
    await exporter.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
