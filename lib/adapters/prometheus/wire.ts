import * as z from 'zod';
import { type RawSeries, readData, readResult } from './answer.ts';
import { PrometheusError } from './errors.ts';
import type { Exemplar, LabelQuery, MetricMetadata, RuleGroup, Target } from './port.ts';
import { duration } from './promql.ts';

const labels = z.record(z.string(), z.string());
const number = z.union([z.number(), z.string().transform(Number)]);

const exemplarsSchema = z.array(
  z.object({
    seriesLabels: labels,
    exemplars: z.array(z.object({ labels, value: number, timestamp: number })),
  }),
);

/** Reads `query_exemplars`. */
export function exemplars(data: unknown): Exemplar[] {
  return readData(exemplarsSchema, data ?? []).flatMap(({ seriesLabels, exemplars: found }) =>
    found.map((exemplar) => ({
      seriesLabels,
      labels: exemplar.labels,
      value: exemplar.value,
      atMs: Math.round(exemplar.timestamp * 1_000),
    })),
  );
}

/**
 * A selector with the range that holds every sample from `fromMs` to before `toMs` when it is evaluated at `toMs`.
 * Prometheus 2 counts the sample at the left edge in, Prometheus 3 does not: hence a millisecond more.
 */
export function rangeSelector(selector: string, { fromMs, toMs }: { fromMs: number; toMs: number }): string {
  return `${selector}[${duration(Math.max(1, toMs - fromMs) + 1)}]`;
}

/** Reads the matrix of a range selector: whole series within the range, none without a sample, no more than allowed. */
export function rawSeries(
  data: unknown,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  most: { maxSeries: number; maxSamples: number },
): { series: RawSeries[]; warnings: string[] } {
  const { series: found, warnings } = readResult(data);
  if (found.length > most.maxSeries) {
    throw tooLarge(`More than ${most.maxSeries.toLocaleString('en')} series answer to the selector.`);
  }
  let count = 0;
  const series: RawSeries[] = [];
  for (const { labels, samples } of found) {
    count += samples.length;
    const within = samples.filter(([atMs]) => atMs >= fromMs && atMs < toMs);
    if (within.length > 0) series.push({ labels, samples: within });
  }
  if (count > most.maxSamples) {
    throw tooLarge(`More than ${most.maxSamples.toLocaleString('en')} samples answer to the selector.`);
  }
  return { series, warnings };
}

const tooLarge = (detail: string) => new PrometheusError('too_large', detail);

const metadataSchema = z.record(
  z.string(),
  z.array(z.object({ type: z.string(), help: z.string(), unit: z.string().default('') })),
);

/** Reads `metadata`; where targets disagree, the first says it. */
export function metadata(data: unknown): Record<string, MetricMetadata> {
  const found = readData(metadataSchema, data ?? {});
  return Object.fromEntries(Object.entries(found).flatMap(([name, [first]]) => (first ? [[name, first]] : [])));
}

const rulesSchema = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      file: z.string().default(''),
      interval: z.number().default(0),
      evaluationTime: z.number().default(0),
      rules: z.array(
        z.object({
          name: z.string(),
          query: z.string().default(''),
          type: z.enum(['alerting', 'recording']),
          labels: labels.default({}),
          duration: z.number().default(0),
          health: z.string().default('unknown'),
          lastError: z.string().optional(),
        }),
      ),
    }),
  ),
});

/** Reads `rules`. */
export function rules(data: unknown): RuleGroup[] {
  return readData(rulesSchema, data).groups.map(({ name, file, interval, evaluationTime, rules: found }) => ({
    name,
    file,
    intervalSeconds: interval,
    evaluationSeconds: evaluationTime,
    rules: found.map(({ lastError, duration, ...rule }) => ({
      ...rule,
      forSeconds: duration,
      lastError: lastError || null,
    })),
  }));
}

const targetsSchema = z.object({
  activeTargets: z
    .array(
      z.object({
        labels,
        scrapeUrl: z.string().default(''),
        health: z.enum(['up', 'down', 'unknown']).catch('unknown'),
        lastError: z.string().default(''),
        lastScrape: z.string().optional(),
        scrapeInterval: z.string().optional(),
      }),
    )
    .nullish(),
});

/** Reads `targets`. */
export function targets(data: unknown): Target[] {
  return (readData(targetsSchema, data).activeTargets ?? []).map(({ lastScrape, scrapeInterval, ...target }) => {
    const lastScrapeMs = Date.parse(lastScrape ?? '');
    return {
      ...target,
      lastScrapeMs: lastScrapeMs > 0 ? lastScrapeMs : null,
      scrapeIntervalMs: scrapeInterval ? durationMs(scrapeInterval) : null,
    };
  });
}

/** Reads a duration as Prometheus writes it (`1m30s`) in milliseconds; `null` for anything else. */
export function durationMs(text: string): number | null {
  const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, y: 31_536_000_000 };
  if (!/^(\d+(ms|[smhdwy]))+$/.test(text)) return null;
  let sum = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g)) {
    sum += Number(count) * unitMs[unit as keyof typeof unitMs];
  }
  return sum;
}

const versionSchema = z.object({ version: z.string().min(1) });

/** The version in `status/buildinfo`. */
export function version(data: unknown): string {
  const parsed = versionSchema.safeParse(data);
  return parsed.success ? parsed.data.version : 'unknown';
}

/** A label name as a path segment. Prometheus 3 takes others than the classic ones in its own encoding. */
export function labelPath(label: string): string {
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label)) return label;
  let encoded = 'U__';
  for (const char of label) {
    encoded += char === '_' ? '__' : /[a-zA-Z0-9:]/.test(char) ? char : `_${char.codePointAt(0)?.toString(16)}_`;
  }
  return encoded;
}

const timeStepMs = 60_000;

/** Times are rounded to the minute, so that questions asked together are one. */
export function labelParams({ matchers, fromMs, toMs, limit }: LabelQuery): Record<string, unknown> {
  return {
    ...(matchers?.length ? { match: matchers } : {}),
    ...(fromMs === undefined ? {} : { start: (Math.floor(fromMs / timeStepMs) * timeStepMs) / 1_000 }),
    ...(toMs === undefined ? {} : { end: (Math.ceil(toMs / timeStepMs) * timeStepMs) / 1_000 }),
    ...(limit === undefined ? {} : { limit }),
  };
}
