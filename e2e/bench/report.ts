import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

/** One measured figure. `bar` is what `met` holds it against, in words. */
export interface Row {
  bench: string;
  measure: string;
  value: number;
  unit: string;
  bar?: string;
  met?: boolean;
  note?: string;
}

/** The value below which a share of the sorted samples lies, by the nearest-rank method. */
export function percentile(samples: number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

const written = (value: number) =>
  Number.isInteger(value)
    ? value.toLocaleString('en-GB')
    : value.toLocaleString('en-GB', { maximumSignificantDigits: 4 });

/** Prints the rows as a table and writes them as JSON; returns the file. */
export function report(rows: Row[], folder: string): string {
  const lines = rows.map(({ bench, measure, value, unit, bar = '', met, note = '' }) => [
    bench,
    measure,
    `${written(value)} ${unit}`,
    bar,
    met === undefined ? '' : met ? 'met' : 'NOT MET',
    note,
  ]);
  const head = ['bench', 'measure', 'figure', 'bar', '', ''];
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]!.length)));
  const show = (line: string[]) =>
    line
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd();
  process.stdout.write(`\n${[head, ...lines].map(show).join('\n')}\n`);

  mkdirSync(folder, { recursive: true });
  const file = join(folder, `bench-${new Date().toISOString().replaceAll(':', '-')}.json`);
  const machine = { cores: cpus().length, model: cpus()[0]?.model, memoryBytes: totalmem(), node: process.version };
  writeFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), machine, rows }, null, 2)}\n`);
  return file;
}
