import * as z from 'zod';
import { rangeQuery, serviceParams, timePoint } from '#lib/telemetry/index.ts';
import { type Filter, parseFilter } from './filter-rules.ts';
import { parseSpanId, parseTraceId } from './trace-id-rules.ts';

export const defaultLimit = 100;
export const highestLimit = 1_000;
const mostFilters = 20;

const text = (most: number) => z.string().min(1, 'must not be empty').max(most, `must have at most ${most} characters`);
const longestMs = 30 * 24 * 3_600_000;
const milliseconds = z.coerce
  .number('must be a number of milliseconds')
  .min(0, 'must be 0 or more')
  .max(longestMs, 'must be 30 days or less');

/** One text or several, as repeated parameters come. */
const several = (most: number) =>
  z
    .union([z.string(), z.array(z.string())], 'must be text')
    .transform((given) => (Array.isArray(given) ? given : [given]))
    .pipe(z.array(z.string().max(2_000, 'must have at most 2000 characters')).max(most, `must be at most ${most}`));

const attribute = several(mostFilters).transform((given, context) => {
  const filters: Filter[] = [];
  for (const [index, one] of given.entries()) {
    const read = parseFilter(one);
    if (typeof read === 'string') context.addIssue({ code: 'custom', message: read, path: [index] });
    else filters.push(read);
  }
  return filters;
});

export const range = rangeQuery.omit({ width: true });
export const suspectsParams = serviceParams;

export const searchQuery = range.extend({
  service: serviceParams.shape.service.optional().describe('Spans of this service; roots of traces where absent.'),
  operation: text(500).optional().describe('Name of the span.'),
  status: z.enum(['error', 'ok'], 'must be error or ok').optional().describe('Whether the span failed.'),
  minDurationMs: milliseconds.optional(),
  maxDurationMs: milliseconds.optional(),
  attribute: attribute
    .optional()
    .describe('`key=value`, `key!=value` or `key`; `span.` or `resource.` before it; may come several times.'),
  q: text(5_000).optional().describe('TraceQL, for the sources that speak it.'),
  source: text(100).optional().describe('Ask only this source.'),
  limit: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .max(highestLimit, `must be ${highestLimit} or less`)
    .optional()
    .describe(`How many traces at most; ${defaultLimit} where absent.`),
  order: z
    .enum(['newest', 'spread'], 'must be newest or spread')
    .optional()
    .describe('`newest` first, or an even choice over the range (`spread`).'),
});
export type SearchQuery = z.infer<typeof searchQuery>;

export const facetsQuery = range.extend({ service: serviceParams.shape.service.optional() });
export type FacetsQuery = z.infer<typeof facetsQuery>;

export const valuesQuery = facetsQuery.extend({
  scope: z.enum(['span', 'resource'], 'must be span or resource').default('span'),
  key: text(200),
  prefix: z.string().max(1_000, 'must have at most 1000 characters').optional(),
});
export type ValuesQuery = z.infer<typeof valuesQuery>;

const traceId = z.string().transform((given, context) => {
  const id = parseTraceId(given, 1);
  if (id !== null) return id;
  context.addIssue({ code: 'custom', message: 'must be a trace id: up to 32 hexadecimal digits' });
  return z.NEVER;
});
const spanId = z.string().transform((given, context) => {
  const id = parseSpanId(given);
  if (id !== null) return id;
  context.addIssue({ code: 'custom', message: 'must be a span id: up to 16 hexadecimal digits' });
  return z.NEVER;
});

export const traceParams = z.object({ traceId });
export const traceQuery = z.object({
  at: timePoint.optional().describe('When it happened: makes it quicker to find.'),
});
export const spansQuery = z.object({
  id: several(500).pipe(z.array(spanId)).describe('Span ids, up to 500; may come several times.'),
});
export const findQuery = z.object({ text: text(500).describe('Whatever the case.') });
export const compareQuery = z.object({ a: traceId, b: traceId });

const cohorts = ['box', 'errors', 'slow', 'after', 'window'] as const;

export const analysisQuery = searchQuery
  .omit({ limit: true, order: true })
  .extend({
    cohort: z
      .enum(cohorts, `must be among ${cohorts.join(', ')}`)
      .describe('Which traces of the search are held against the rest of it.'),
    boxFrom: timePoint.optional().describe('`box`: traces that start from here…'),
    boxTo: timePoint.optional().describe('…to here,'),
    boxMinMs: milliseconds.optional().describe('that take from this…'),
    boxMaxMs: milliseconds.optional().describe('…to this.'),
    slowMs: milliseconds.optional().describe('`slow`: traces that take so long; the p95 of the search where absent.'),
    at: timePoint.optional().describe('`after`: traces that start from then on against those before.'),
    windowFrom: timePoint.optional().describe('`window`: traces that start from here…'),
    windowTo: timePoint.optional().describe('…to here.'),
  })
  .superRefine((given, context) => {
    const needed = {
      box: ['boxFrom', 'boxTo', 'boxMinMs', 'boxMaxMs'],
      errors: [],
      slow: [],
      after: ['at'],
      window: ['windowFrom', 'windowTo'],
    } as const;
    for (const name of needed[given.cohort] ?? []) {
      if (given[name] !== undefined) continue;
      context.addIssue({ code: 'custom', message: `is needed by the cohort ${given.cohort}`, path: [name] });
    }
  });
export type AnalysisQuery = z.infer<typeof analysisQuery>;
