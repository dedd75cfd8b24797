import * as z from 'zod';
import { readData } from './answer.ts';
import type { Exemplar, LabelQuery, MetricMetadata, RuleGroup, Target } from './port.ts';

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
      rules: z.array(
        z.object({
          name: z.string(),
          query: z.string().default(''),
          type: z.enum(['alerting', 'recording']),
          health: z.string().default('unknown'),
          lastError: z.string().optional(),
        }),
      ),
    }),
  ),
});

/** Reads `rules`. */
export function rules(data: unknown): RuleGroup[] {
  return readData(rulesSchema, data).groups.map(({ name, file, interval, rules: found }) => ({
    name,
    file,
    intervalSeconds: interval,
    rules: found.map(({ lastError, ...rule }) => ({ ...rule, lastError: lastError || null })),
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
