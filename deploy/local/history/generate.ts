import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOpenSlo } from '#lib/slo/openslo/index.ts';
import type { SloDefinition } from '#lib/slo/schemas.ts';
import { generatedPast } from './events.ts';
import { type CounterSeries, type Grid, shopSeries } from './flows.ts';
import type { HistoryFile } from './history-file.ts';
import { tallyOf } from './recordings.ts';
import { createBlocks, writeOpenMetrics } from './write-history.ts';

/** A rate over five minutes needs two samples in it. */
const stepMs = 150_000;
/** The label that the fleet's targets carry their environment in. */
const environmentLabel = 'deployment_environment_name';
/** The traffic that the flows are given at. */
const usualRequestsPerSecond = 20;

export type HistoryOptions = {
  promtool: string;
  /** What promtool needs in its environment beside the usual. */
  promtoolEnv: Record<string, string>;
  /** The database folder of a Prometheus that does not run. */
  database: string;
  /** A file that may be written and is removed. */
  file: string;
  logFile: string;
  sloFolder: string;
  environment: string;
  requestsPerSecond: number;
  /** Where it ends: before the first scrape. */
  untilMs: number;
};

export type Generated = { history: HistoryFile; samples: number };

/** Fills a new Prometheus database with 35 days of the fleet: its counters, and what its SLOs' rules would have recorded. */
export async function generateHistory(options: HistoryOptions): Promise<Generated> {
  const { environment, file } = options;
  const untilMs = Math.floor(options.untilMs / stepMs) * stepMs;
  const past = generatedPast(untilMs);
  const grid: Grid = { fromMs: past.fromMs, stepMs, steps: Math.floor((untilMs - past.fromMs) / stepMs) + 1 };
  const scale = options.requestsPerSecond / usualRequestsPerSecond;
  const samples = writeOpenMetrics(
    file,
    withRecordings(shopSeries(past, grid, environment, scale), objectives(options), grid),
  );
  await createBlocks(
    options.promtool,
    file,
    options.database,
    { ...process.env, ...options.promtoolEnv },
    options.logFile,
  );
  const iso = (ms: number) => new Date(ms).toISOString();
  const releases = past.releases.map(({ service, atMs, version, title }) => ({
    service,
    at: iso(atMs),
    version,
    title,
  }));
  return { samples, history: { from: iso(past.fromMs), until: iso(untilMs), releases } };
}

function objectives({ sloFolder, environment }: HistoryOptions): SloDefinition[] {
  return readdirSync(sloFolder)
    .filter((name) => /\.ya?ml$/.test(name))
    .flatMap(
      (name) => readOpenSlo(readFileSync(join(sloFolder, name), 'utf8'), { defaultEnvironment: environment }).slos,
    )
    .map(({ definition }) => definition);
}

function* withRecordings(
  counters: Iterable<CounterSeries>,
  slos: readonly SloDefinition[],
  grid: Grid,
): Generator<CounterSeries & { grid: Grid }> {
  const tallies = slos.flatMap((slo) => tallyOf(slo, environmentLabel, grid) ?? []);
  for (const series of counters) {
    for (const tally of tallies) tally.add(series);
    yield { ...series, grid };
  }
  for (const tally of tallies) yield* tally.recorded();
}
