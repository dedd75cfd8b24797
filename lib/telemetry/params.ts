import * as z from 'zod';
import { AppError } from '#lib/core/errors.ts';
import { parseTimePoint, type TimePoint } from '#lib/core/time-range.ts';

/** The environment as it stands in an address. */
export const environmentParam = z
  .string('must be the name of an environment')
  .min(1, 'must not be empty')
  .max(100, 'must have at most 100 characters')
  .regex(/^[\w.:/-]+$/, 'may have letters, digits and . _ : / -');

export const serviceParams = z.object({
  service: z
    .string()
    .min(1, 'must not be empty')
    .max(200, 'must have at most 200 characters')
    .regex(/^\P{Cc}+$/u, 'must not contain control characters'),
});

export const timePoint = z
  .string()
  .max(40, 'must be a time such as now-1h or 2026-11-21T14:00:00Z')
  .transform((text, context): TimePoint => {
    const point = parseTimePoint(text);
    if (point) return point;
    context.addIssue({ code: 'custom', message: 'must be a time such as now-1h or 2026-11-21T14:00:00Z' });
    return z.NEVER;
  });

const width = z.coerce
  .number('must be a number of pixels')
  .int('must be a whole number of pixels')
  .min(20, 'must be 20 pixels or more')
  .max(8_000, 'must be 8000 pixels or less');

const stepUnits = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A length such as `15s`, in milliseconds. */
const step = z
  .string()
  .regex(/^[1-9]\d{0,6}[smhd]$/, 'must be a length such as 15s, 1m or 2h')
  .transform((text) => Number(text.slice(0, -1)) * stepUnits[text.at(-1) as keyof typeof stepUnits]);

export const environmentQuery = z.object({
  env: environmentParam.optional().describe('The default one where absent.'),
});

const rangeShape = {
  from: timePoint.optional().describe('`now-1h`, RFC 3339 or milliseconds; the last hour where absent.'),
  to: timePoint.optional().describe('`now` where absent.'),
  width: width.optional().describe('Width of the chart in pixels: decides the step.'),
};

export const rangeQuery = environmentQuery.extend(rangeShape);
export type RangeQuery = z.infer<typeof rangeQuery>;

export const mapQuery = environmentQuery.extend({ from: rangeShape.from, to: rangeShape.to });

export const exploreInstantQuery = z.object({
  query: z.string('must be a PromQL expression'),
  at: timePoint.optional(),
  source: z.string().max(100).optional(),
});
export const exploreRangeQuery = z.object({
  query: z.string('must be a PromQL expression'),
  source: z.string().max(100).optional(),
  ...rangeShape,
  step: step.optional().describe('Between two points, such as `1m`; else it follows from the width.'),
});
export const labelsQuery = z.object({
  label: z.string().min(1).max(200).optional().describe('Values of this label; label names where absent.'),
  metric: z.string().min(1).max(500).optional().describe('Of this metric only.'),
  source: z.string().max(100).optional(),
});
export const metadataQuery = z.object({ source: z.string().max(100).optional() });

const hourMs = 3_600_000;
const shortestMs = 10_000;
const longestMs = 400 * 24 * hourMs;
export const defaultWidthPx = 600;

export interface Range {
  fromMs: number;
  toMs: number;
  widthPx: number;
}

export function instantMs(point: TimePoint, nowMs: number): number {
  return point.kind === 'absolute' ? point.atMs : nowMs - point.agoMs;
}

/** The instants of a range; `request.invalid` naming the field when it ends before it begins or is too long. */
export function resolveRange({ from, to, width: widthPx }: Omit<RangeQuery, 'env'>, nowMs = Date.now()): Range {
  const toMs = Math.min(to ? instantMs(to, nowMs) : nowMs, nowMs);
  const fromMs = from ? instantMs(from, nowMs) : toMs - hourMs;
  const problem = (path: string, message: string) =>
    new AppError('request.invalid', `${path}: ${message}`, { errors: [{ path, code: 'range', message }] });
  if (fromMs >= toMs) throw problem('from', 'must be before to, and not in the future');
  if (toMs - fromMs > longestMs) throw problem('from', 'must be at most 400 days before to');
  return { fromMs: Math.min(fromMs, toMs - shortestMs), toMs, widthPx: widthPx ?? defaultWidthPx };
}
