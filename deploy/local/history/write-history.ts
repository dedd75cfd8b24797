import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { runTool } from '../process/run-tool.ts';
import type { CounterSeries, Grid } from './flows.ts';

const mostPendingBytes = 4 * 1024 * 1024;

/** A metric with its labels as the text format writes it. */
export function textOf(name: string, labels: Record<string, string>): string {
  const inside = Object.entries(labels).map(
    ([label, value]) => `${label}="${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`,
  );
  return `${name}{${inside.join(',')}}`;
}

/** Writes series in OpenMetrics; the number of samples. */
export function writeOpenMetrics(file: string, series: Iterable<CounterSeries & { grid: Grid }>): number {
  const handle = openSync(file, 'w', 0o600);
  let samples = 0;
  try {
    let pending = '';
    for (const one of series) {
      const text = textOf(one.name, one.labels);
      for (const [index, value] of one.values.entries()) {
        const seconds = (one.grid.fromMs + (one.firstStep + index) * one.grid.stepMs) / 1_000;
        pending += `${text} ${value} ${seconds}\n`;
        if (pending.length < mostPendingBytes) continue;
        writeSync(handle, pending);
        pending = '';
      }
      samples += one.values.length;
    }
    writeSync(handle, `${pending}# EOF\n`);
  } finally {
    closeSync(handle);
  }
  return samples;
}

/** Turns a file of OpenMetrics into blocks of a Prometheus database that is not running. Throws in words. */
export async function createBlocks(
  promtool: string,
  file: string,
  database: string,
  env: NodeJS.ProcessEnv,
  logFile: string,
): Promise<void> {
  try {
    await runTool({
      name: 'promtool',
      command: promtool,
      // The file is read once for each block: without this for each two hours of it, and so once or twice.
      args: ['tsdb', 'create-blocks-from', 'openmetrics', '--max-block-duration=4374h', '--quiet', file, database],
      env,
      logFile,
      timeoutMs: 180_000,
    });
  } finally {
    rmSync(file, { force: true });
  }
}
