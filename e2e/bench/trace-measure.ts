import type { Page } from 'playwright';

export interface TraceFigures {
  /** Milliseconds from the start of the navigation. */
  firstRowsMs: number;
  usableMs: number;
  /** Tasks over 50 ms that began while the trace was loaded, and the longest. */
  loadTasks: number;
  loadLongestMs: number;
  scrollTasks: number;
  scrollLongestMs: number;
  /** Frames drawn while scrolling, per second. */
  scrollFramesPerSecond: number;
  /** Processor time of the page's main thread, which does not hang on what else the machine does. */
  loadCpuMs: number;
  scrollCpuMsPerFrame: number;
  collapseMs: number;
  expandMs: number;
  findMs: number;
  rows: number;
}

interface Probe {
  firstRow: number;
  usable: number;
  tasks: { start: number; duration: number }[];
}

/** Runs in the page before anything else: notes the first row, and when a row that is clicked says that it is selected. */
function probe(): void {
  const state: Probe = { firstRow: 0, usable: 0, tasks: [] };
  (window as unknown as { benchProbe: Probe }).benchProbe = state;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) state.tasks.push({ start: startTime, duration });
  }).observe({ type: 'longtask', buffered: true });
  const rows = () => document.querySelectorAll<HTMLElement>('[role=treegrid] [role=row]');
  const look = () => {
    const row = rows()[1];
    if (row && state.firstRow === 0) state.firstRow = performance.now();
    if (row?.getAttribute('aria-selected') === 'true') {
      state.usable = performance.now();
      return;
    }
    row?.click();
    setTimeout(look, 16);
  };
  addEventListener('DOMContentLoaded', look);
}

const steps = 240;

/** Opens a trace and does with it what a person does, all of it measured by the Performance API of the browser. */
export async function measureTrace(page: Page, url: string): Promise<TraceFigures> {
  await page.addInitScript(probe);
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  const cpuMs = async () => {
    const { metrics } = await client.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1_000;
  };
  const before = await cpuMs();
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction(() => (window as unknown as { benchProbe: Probe }).benchProbe?.usable > 0, undefined, {
    timeout: 120_000,
  });
  await page.waitForTimeout(1_500);
  const loaded = await cpuMs();
  const scroll = await page.evaluate(scrollThrough, steps);
  const scrolled = await cpuMs();
  const rest = await page.evaluate(useIt);
  return {
    ...scroll,
    ...rest,
    loadCpuMs: loaded - before,
    scrollCpuMsPerFrame: (scrolled - loaded) / steps,
  };
}

/** In the page: from the first row to the last, a whole window with every frame where there are many. */
async function scrollThrough(steps: number) {
  const state = (window as unknown as { benchProbe: Probe }).benchProbe;
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
  const longest = (tasks: { duration: number }[]) => Math.max(0, ...tasks.map(({ duration }) => duration));
  const loading = state.tasks.slice();
  const start = performance.now();
  const bottom = document.documentElement.scrollHeight - innerHeight;
  for (let step = 1; step <= steps; step++) {
    window.scrollTo(0, (bottom * step) / steps);
    await frame();
  }
  const seconds = (performance.now() - start) / 1_000;
  await new Promise((resolve) => setTimeout(resolve, 300));
  const scrolling = state.tasks.filter((task) => task.start >= start);
  window.scrollTo(0, 0);
  await frame();
  return {
    firstRowsMs: state.firstRow,
    usableMs: state.usable,
    loadTasks: loading.length,
    loadLongestMs: longest(loading),
    scrollTasks: scrolling.length,
    scrollLongestMs: longest(scrolling),
    scrollFramesPerSecond: steps / seconds,
  };
}

/** In the page: closes and opens all rows, and searches. */
async function useIt() {
  const grid = document.querySelector('[role=treegrid]') as HTMLElement;
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
  const settled = async (done: () => boolean) => {
    const start = performance.now();
    while (!done() && performance.now() - start < 30_000) await frame();
    await frame();
    return performance.now() - start;
  };
  const button = (text: string) =>
    [...document.querySelectorAll('button')].find((one) => one.textContent?.includes(text)) as HTMLButtonElement;
  const count = () => Number(grid.getAttribute('aria-rowcount'));
  const rows = count();
  button('Collapse all').click();
  const collapseMs = await settled(() => count() === 1);
  button('Expand all').click();
  const expandMs = await settled(() => count() === rows);

  const input = document.querySelector('#find-in-trace') as HTMLInputElement;
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
  set?.call(input, 'reserve stock');
  input.dispatchEvent(new Event('input', { bubbles: true }));
  const findMs = await settled(() => document.querySelector('[role=treegrid] .marked') !== null);
  return { collapseMs, expandMs, findMs, rows };
}
