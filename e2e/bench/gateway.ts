import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Row } from './report.ts';

interface Figures {
  requestsPerSecond: number;
  p99: string;
  failures: number;
  requestsPerCpuSecond: number;
}

const toMs = (text: string) =>
  Number.parseFloat(text) * (text.endsWith('us') ? 0.001 : text.endsWith('ms') ? 1 : 1_000);

/** Cached reads of one gateway under `wrk`, with 1 % of the requests traced; 32 connections on the same machine. */
export async function benchGateway(): Promise<Row[]> {
  const cwd = join(import.meta.dirname, '..', '..', 'services');
  const { stdout } = await promisify(execFile)(process.execPath, ['gateway/bench.ts', '10'], { cwd });
  const figures = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Figures;
  const bench = 'gateway, cached reads';
  const p99Ms = toMs(figures.p99);
  return [
    {
      bench,
      measure: 'one instance',
      value: Math.round(figures.requestsPerSecond),
      unit: '/s',
      bar: '≥ 10,000',
      met: figures.requestsPerSecond >= 10_000,
      note: 'the load comes from the same machine',
    },
    { bench, measure: 'for each second of its processor time', value: figures.requestsPerCpuSecond, unit: '/s' },
    { bench, measure: 'p99', value: p99Ms, unit: 'ms', bar: '< 500', met: p99Ms < 500 },
    { bench, measure: 'failures', value: figures.failures, unit: 'requests', bar: '0', met: figures.failures === 0 },
  ];
}
