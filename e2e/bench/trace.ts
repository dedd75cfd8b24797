import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright';
import { ensureChromium } from '../browser.ts';
import { startDemo } from '../fixtures/demo-process.ts';
import type { Row } from './report.ts';
import { sendTrace } from './trace-load.ts';
import { measureTrace, type TraceFigures } from './trace-measure.ts';

export const traceSizes = [1_000, 10_000, 50_000, 100_000];
const arrivesWithinMs = 180_000;

export interface TraceDemo {
  url: string;
  otlpUrl: string;
  otlpToken?: string;
  account: { email: string; password: string };
}

async function signIn(context: BrowserContext, { url, account }: TraceDemo): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('Email').fill(account.email);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((address) => !address.pathname.startsWith('/sign-in'));
  await page.close();
}

/** Waits until all spans can be read; what is sampled becomes visible only once it was decided on. */
async function arrived(context: BrowserContext, url: string, traceId: string, spans: number): Promise<void> {
  const until = Date.now() + arrivesWithinMs;
  let seen = 0;
  while (Date.now() < until) {
    const response = await context.request.get(`${url}/api/v1/traces/${traceId}`);
    if (response.ok()) seen = ((await response.json()) as { spanCount: number }).spanCount;
    if (seen >= spans) return;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
  throw new Error(`${seen} of ${spans} spans arrived within ${arrivesWithinMs / 1_000} s`);
}

function rowsOf(spans: number, figures: TraceFigures): Row[] {
  const bench = `trace, ${spans.toLocaleString('en-GB')} spans`;
  const ms = (measure: string, value: number, rest: Partial<Row> = {}): Row => ({
    bench,
    measure,
    value: Math.round(value),
    unit: 'ms',
    ...rest,
  });
  const usable = spans <= 50_000 ? { bar: '< 2,000', met: figures.usableMs < 2_000 } : {};
  return [
    ms('first rows after', figures.firstRowsMs),
    ms('usable after (a click selects)', figures.usableMs, usable),
    ms('longest task while loading', figures.loadLongestMs, { note: `${figures.loadTasks} over 50 ms` }),
    ms('processor time of the page to load', figures.loadCpuMs),
    {
      bench,
      measure: 'tasks over 50 ms while scrolling end to end',
      value: figures.scrollTasks,
      unit: 'tasks',
      bar: '0',
      met: figures.scrollTasks === 0,
      note: `longest ${Math.round(figures.scrollLongestMs)} ms, ${Math.round(figures.scrollFramesPerSecond)} frames/s, ${figures.rows} rows`,
    },
    {
      bench,
      measure: 'processor time for a frame of scrolling',
      value: figures.scrollCpuMsPerFrame,
      unit: 'ms',
    },
    ms('collapse all', figures.collapseMs),
    ms('expand all', figures.expandMs),
    ms('find by name', figures.findMs),
  ];
}

/** Sends traces of several sizes to a running stack, opens each in Chromium, and measures there. */
export async function benchTraceAt(demo: TraceDemo, sizes: readonly number[] = traceSizes): Promise<Row[]> {
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: ['--no-sandbox', '--disable-background-networking'],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await signIn(context, demo);
    const rows: Row[] = [];
    for (const spans of sizes) {
      const traceId = await sendTrace(demo.otlpUrl, spans, demo.otlpToken);
      await arrived(context, demo.url, traceId, spans);
      const address = `${demo.url}/traces/${traceId}`;
      // Once before it counts: what is measured is the page, not the first reading of its code from disk.
      const first = await context.newPage();
      await measureTrace(first, address);
      await first.close();
      const page = await context.newPage();
      rows.push(...rowsOf(spans, await measureTrace(page, address)));
      await page.close();
    }
    return rows;
  } finally {
    await browser.close();
  }
}

interface DemoFile {
  url: string;
  otlpUrl: string;
  accounts: { email: string; password: string; role: string }[];
}

/** The same on a demo of its own; `BENCH_DEMO_FILE` names the `demo.json` of one that runs already. */
export async function benchTrace(): Promise<Row[]> {
  const running = process.env.BENCH_DEMO_FILE;
  const sizes = process.env.BENCH_TRACE_SPANS?.split(',').map(Number) ?? traceSizes;
  const on = (file: string) => {
    const { url, otlpUrl, accounts } = JSON.parse(readFileSync(file, 'utf8')) as DemoFile;
    const account = accounts.find(({ role }) => role === 'viewer');
    if (!account) throw new Error(`${file} names no viewer`);
    return benchTraceAt({ url: process.env.BENCH_DEMO_URL ?? url, otlpUrl, account }, sizes);
  };
  if (running) return on(running);
  const dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-bench-'));
  try {
    const demo = await startDemo(dataDir);
    try {
      return await on(demo.file);
    } finally {
      await demo.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
