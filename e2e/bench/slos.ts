import { startPrometheus } from '#deploy/local/testing/prometheus.ts';
import { metric, startConsole } from './console-process.ts';
import { percentile, type Row } from './report.ts';
import { fillSlos, type SloLoad, sloName, startRecordings } from './slo-load.ts';

const load: SloLoad = { slos: 1_000, whole: 40 };
const scrapeSeconds = 5;
const requests = { list: 60, detail: 120, history: 60 };

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export interface Target {
  /** Asks an address below `/api/v1`. */
  ask(path: string): Promise<Response>;
  /** Requests that went to the metrics source so far. */
  upstream(): Promise<number>;
}

/** Times of the list of all SLOs, and of details and charts of one after another. */
export async function measureSlos({ ask, upstream }: Target, note: string): Promise<Row[]> {
  const bench = `SLOs, ${load.slos.toLocaleString('en-GB')}`;
  const timed = async (path: string) => {
    const started = performance.now();
    const response = await ask(path);
    const body = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${body.slice(0, 200)}`);
    return performance.now() - started;
  };
  const times = async (count: number, pathOf: (index: number) => string) => {
    const all: number[] = [];
    for (let index = 0; index < count; index++) all.push(await timed(pathOf(index)));
    return all;
  };
  const cold = await timed('/slos?env=bench');
  const before = await upstream();
  const list = await times(requests.list, () => '/slos?env=bench');
  const asked = (await upstream()) - before;
  const one = (index: number) => `/slos/${sloName(index % load.whole)}`;
  const detail = await times(requests.detail, (index) => `${one(index)}?env=bench`);
  const history = await times(requests.history, (index) => `${one(index)}/history?env=bench`);
  const rows = (measure: string, all: number[], bar: boolean): Row[] => {
    const p95 = percentile(all, 0.95);
    return [
      { bench, measure: `${measure}, p50`, value: percentile(all, 0.5), unit: 'ms' },
      { bench, measure: `${measure}, p95`, value: p95, unit: 'ms', note, ...(bar && { bar: '< 200', met: p95 < 200 }) },
    ];
  };
  return [
    { bench, measure: 'list, first', value: cold, unit: 'ms' },
    ...rows('list', list, true),
    { bench, measure: `upstream queries of ${requests.list} lists`, value: asked, unit: 'queries' },
    ...rows('detail, 90 days', detail, true),
    ...rows('charts, 90 days', history, false),
  ];
}

/** A thousand SLOs over 90 days of ledger, with the recordings of their rules in a real Prometheus. */
export async function benchSlos(): Promise<Row[]> {
  const recordings = await startRecordings(load.slos);
  const prometheus = await startPrometheus({
    config: `global: {scrape_interval: ${scrapeSeconds}s}
scrape_configs:
  - {job_name: bench, honor_labels: true, static_configs: [{targets: ['${recordings.address}']}]}
`,
  });
  try {
    const console = await startConsole({
      PROMETHEUS_URL: prometheus.url,
      PROMETHEUS_SCRAPE_SECONDS: String(scrapeSeconds),
      QD_DEFAULT_ENVIRONMENT: 'bench',
    });
    try {
      const buckets = await fillSlos(console.databaseUrl, load);
      const reckoned = await reckonFigures(console.databaseUrl);
      await sleep(2 * scrapeSeconds * 1_000);
      const target = {
        ask: (path: string) => fetch(`${console.url}/api/v1${path}`, { headers: console.headers }),
        upstream: () => metric(console.url, 'quarterdeck_upstream_query_duration_seconds_count'),
      };
      const measured = await measureSlos(target, `${buckets.toLocaleString('en-GB')} buckets`);
      const bench = measured[0]?.bench ?? '';
      return [...measured, { bench, measure: 'figures of all reckoned by the worker', value: reckoned, unit: 'ms' }];
    } finally {
      await console.stop();
    }
  } finally {
    await prometheus.stop();
    await recordings.close();
  }
}

/** What the worker does after each bucket: figures of every SLO from its ledger. In ms. */
export async function reckonFigures(databaseUrl: string): Promise<number> {
  process.env.DATABASE_URL = databaseUrl;
  process.env.QD_SECRET ??= 'a secret of the benchmark, 32 characters';
  const [{ db, disconnect }, { refreshFigures }, { selectSlos }] = await Promise.all([
    import('#lib/db/index.ts'),
    import('#lib/slo/refresh-figures.ts'),
    import('#lib/slo/store.ts'),
  ]);
  const slos = await selectSlos(db());
  const started = performance.now();
  await refreshFigures(slos, new Date());
  const took = performance.now() - started;
  await disconnect();
  return took;
}
