import * as z from 'zod';
import { PrometheusError } from './errors.ts';
import type { Labels } from './port.ts';

const labels = z.record(z.string(), z.string());

/** What every endpoint of the API wraps its data in. */
export const envelope = z.object({
  status: z.enum(['success', 'error']),
  data: z.unknown().optional(),
  errorType: z.string().optional(),
  error: z.string().optional(),
  warnings: z.array(z.string()).optional(),
  infos: z.array(z.string()).optional(),
});

const sample = z.tuple([z.number(), z.string()]);
/** Samples of long answers are checked by `toSample`; one schema object per sample would cost more than the query. */
const samples = z.array(z.custom<[number, string]>());

const result = z.discriminatedUnion('resultType', [
  z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric: labels, values: samples.optional(), histograms: z.unknown().optional() })),
  }),
  z.object({
    resultType: z.literal('vector'),
    result: z.array(
      z.object({ metric: labels, value: z.custom<[number, string]>().optional(), histogram: z.unknown().optional() }),
    ),
  }),
  z.object({ resultType: z.literal('scalar'), result: sample }),
  z.object({ resultType: z.literal('string'), result: sample }),
]);

/** Reads a number as Prometheus writes it: `NaN`, `+Inf` and `-Inf` included. */
export function toNumber(text: string): number {
  if (text === 'NaN') return Number.NaN;
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw garbled();
  return value;
}

function toSample(raw: unknown): [number, number] {
  if (!Array.isArray(raw) || typeof raw[0] !== 'number' || typeof raw[1] !== 'string') throw garbled();
  return [Math.round(raw[0] * 1_000), toNumber(raw[1])];
}

export const garbled = (cause?: unknown) =>
  new PrometheusError('garbled', 'The answer is JSON, but not as the Prometheus API writes it.', { cause });

export type RawSeries = { labels: Labels; samples: [number, number][] };

/** Reads the data of `query` and `query_range`. Native histograms are not drawn and are told as a warning. */
export function readResult(data: unknown): { series: RawSeries[]; warnings: string[] } {
  const parsed = result.safeParse(data);
  if (!parsed.success) throw garbled(parsed.error);
  const found = parsed.data;
  switch (found.resultType) {
    case 'matrix':
      return withHistogramWarning(
        found.result.map((s) => ({ labels: s.metric, samples: (s.values ?? []).map(toSample) })),
        found.result.some((s) => s.histograms),
      );
    case 'vector':
      return withHistogramWarning(
        found.result.flatMap((s) => (s.value ? [{ labels: s.metric, samples: [toSample(s.value)] }] : [])),
        found.result.some((s) => s.histogram),
      );
    case 'scalar':
      return { series: [{ labels: {}, samples: [toSample(found.result)] }], warnings: [] };
    case 'string':
      return { series: [{ labels: { value: found.result[1] }, samples: [] }], warnings: [] };
  }
}

function withHistogramWarning(series: RawSeries[], hasHistograms: boolean) {
  const warnings = hasHistograms
    ? ['Native histograms are left out: wrap them, for example in histogram_quantile(0.95, …).']
    : [];
  return { series, warnings };
}

/** Parses a part of an answer by its schema; what does not fit is a garbled answer. */
export function readData<T>(schema: z.ZodType<T>, data: unknown): T {
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw garbled(parsed.error);
  return parsed.data;
}
