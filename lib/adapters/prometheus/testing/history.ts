import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { companion, findEngine } from '#deploy/local/engines.ts';
import { textOf } from '#deploy/local/history/write-history.ts';

export type Sample = (atMs: number) => number | null;

export interface HistorySeries {
  name: string;
  labels: Record<string, string>;
  /** Its value at an instant; `null` where there is none. */
  value: Sample;
}

export interface Span {
  fromMs: number;
  toMs: number;
  stepMs: number;
}

/** Writes series over spans of time into a database folder for Prometheus. `remove` deletes it. */
export async function writeHistory(series: readonly HistorySeries[], spans: readonly Span[]) {
  const folder = mkdtempSync(join(tmpdir(), 'history-'));
  const dataDir = join(folder, 'data');
  const file = join(folder, 'history.om');
  const handle = await open(file, 'w');
  for (const { name, labels, value } of series) {
    const text = textOf(name, labels);
    let lines = '';
    for (const { fromMs, toMs, stepMs } of spans) {
      for (let atMs = Math.ceil(fromMs / stepMs) * stepMs; atMs <= toMs; atMs += stepMs) {
        const found = value(atMs);
        if (found !== null) lines += `${text} ${found} ${atMs / 1_000}\n`;
      }
    }
    await handle.write(lines);
  }
  await handle.write('# EOF\n');
  await handle.close();
  const engine = await findEngine('prometheus');
  const promtool = companion(engine, 'promtool');
  if (!promtool) throw new Error('promtool is not beside Prometheus; it comes with the same package');
  await promisify(execFile)(
    promtool,
    ['tsdb', 'create-blocks-from', 'openmetrics', '--max-block-duration=840h', file, dataDir],
    {
      env: { ...process.env, ...engine.env },
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  return { dataDir, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A counter that grows evenly from the start of 1970, so that its rate is the same wherever one looks. */
export const growing =
  (perSecond: number): Sample =>
  (atMs) =>
    Math.round(((perSecond * (atMs - 1_600_000_000_000)) / 1_000) * 1e6) / 1e6;

export interface HistogramShape {
  /** Share of requests within each bound, cumulative, by bound. */
  bounds: Record<string, number>;
  perSecond: number;
  /** Sum of durations per second. */
  sumPerSecond?: number;
}

/** The series of a classic histogram. */
export function histogramSeries(name: string, labels: Record<string, string>, shape: HistogramShape): HistorySeries[] {
  return [
    ...Object.entries({ ...shape.bounds, '+Inf': 1 }).map(([le, share]) => ({
      name: `${name}_bucket`,
      labels: { ...labels, le },
      value: growing(shape.perSecond * share),
    })),
    { name: `${name}_count`, labels, value: growing(shape.perSecond) },
    { name: `${name}_sum`, labels, value: growing(shape.sumPerSecond ?? shape.perSecond * 0.1) },
  ];
}
