import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { ensureChromium } from '../browser.ts';
import { percentile, type Row } from './report.ts';

const root = join(import.meta.dirname, '..', '..');
const limitMs = 300_000;

interface Demo {
  url: string;
  pid: number;
  accounts: { email: string; password: string; role: string }[];
  readyAfterMs: number;
  stop(): Promise<void>;
}

async function startDemo(dataDir: string): Promise<Demo> {
  const started = performance.now();
  const child = spawn(process.execPath, ['deploy/local/demo.ts', '--data', dataDir, '--port', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  const timer = setTimeout(() => child.kill('SIGTERM'), limitMs);
  await new Promise<void>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('Quarterdeck is ready:')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`the demo ended with ${code}:\n${text.slice(-2_000)}`)));
  });
  clearTimeout(timer);
  const readyAfterMs = performance.now() - started;
  const file = join(dataDir, 'demo.json');
  const { url, pid, accounts } = JSON.parse(readFileSync(file, 'utf8')) as Demo;
  return { url, pid, accounts, readyAfterMs, stop };
}

/** Resident memory of a process and all its descendants; shared pages count once for each (Linux only). */
function treeMemory(pid: number): number {
  if (!existsSync('/proc')) return Number.NaN;
  const children = new Map<number, number[]>();
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  for (const name of processes) {
    try {
      const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // It has ended meanwhile.
    }
  }
  const walk = (one: number): number => {
    let bytes = 0;
    try {
      readlinkSync(`/proc/${one}/exe`);
      const rollup = readFileSync(`/proc/${one}/smaps_rollup`, 'utf8');
      bytes = Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1_024;
    } catch {
      // Ended, or not ours to read.
    }
    return bytes + (children.get(one) ?? []).reduce((sum, child) => sum + walk(child), 0);
  };
  return walk(pid);
}

async function measurePage(demo: Demo): Promise<Row[]> {
  const bench = 'overview in the browser';
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: ['--no-sandbox', '--disable-background-networking'],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const account = demo.accounts.find(({ role }) => role === 'viewer');
    await page.goto(`${demo.url}/sign-in`);
    await page.getByLabel('Email').fill(account?.email ?? '');
    await page.getByLabel('Password').fill(account?.password ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${demo.url}/`);
    await page.waitForLoadState('networkidle').catch(() => undefined);

    const lcps: number[] = [];
    let scriptBytes = 0;
    for (let run = 0; run < 5; run++) {
      const fresh = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        storageState: await context.storageState(),
      });
      const view = await fresh.newPage();
      const client = await fresh.newCDPSession(view);
      await client.send('Network.enable');
      const scripts = new Set<string>();
      let bytes = 0;
      client.on('Network.responseReceived', ({ requestId, type }) => {
        if (type === 'Script') scripts.add(requestId);
      });
      client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
        if (scripts.has(requestId)) bytes += encodedDataLength;
      });
      await view.goto(demo.url, { waitUntil: 'load' });
      await view.waitForTimeout(1_500);
      scriptBytes = Math.max(scriptBytes, bytes);
      lcps.push(
        await view.evaluate(
          () =>
            new Promise<number>((resolve) => {
              new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? Number.NaN)).observe({
                type: 'largest-contentful-paint',
                buffered: true,
              });
              setTimeout(() => resolve(Number.NaN), 2_000);
            }),
        ),
      );
      await fresh.close();
    }
    const lcp = percentile(lcps, 0.5);
    const kilobytes = scriptBytes / 1_000;
    return [
      {
        bench,
        measure: 'JavaScript, as transferred',
        value: Math.round(kilobytes),
        unit: 'kB',
        bar: '≤ 200',
        met: kilobytes <= 200,
      },
      {
        bench,
        measure: 'largest contentful paint, median',
        value: Math.round(lcp),
        unit: 'ms',
        bar: '< 1,500',
        met: lcp < 1_500,
      },
    ];
  } finally {
    await browser.close();
  }
}

/** A demo on a new folder and then once more on the same one: time to ready, idle memory, and the overview's weight. */
export async function benchDemo(): Promise<Row[]> {
  const bench = 'demo';
  const dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-bench-'));
  try {
    const first = await startDemo(dataDir);
    await first.stop();
    const second = await startDemo(dataDir);
    try {
      await new Promise((resolve) => setTimeout(resolve, 30_000));
      const memory = treeMemory(second.pid) / 2 ** 20;
      const warmSeconds = second.readyAfterMs / 1_000;
      return [
        {
          bench,
          measure: 'first start on a new folder',
          value: first.readyAfterMs / 1_000,
          unit: 's',
          bar: '≤ 300',
          met: first.readyAfterMs <= 300_000,
        },
        { bench, measure: 'later start', value: warmSeconds, unit: 's', bar: '≤ 25', met: warmSeconds <= 25 },
        {
          bench,
          measure: 'memory of the whole stack after 30 s',
          value: Math.round(memory),
          unit: 'MiB',
          bar: '≤ 2,500',
          met: memory <= 2_500,
          note: 'proportional set size',
        },
        ...(await measurePage(second)),
      ];
    } finally {
      await second.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
