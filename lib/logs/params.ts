import * as z from 'zod';
import type { AttributeFilter, LogQuery } from '#lib/adapters/logs/index.ts';
import { highestLimit } from '#lib/core/page.ts';
import { textTerms } from '#lib/core/text-terms.ts';
import { environmentOf, environmentParam, resolveRange, timePoint } from '#lib/telemetry/index.ts';
import { parseAttributeFilter } from './rules.ts';
import { logLevels } from './schemas.ts';

export const mostServices = 50;
export const mostAttributes = 20;
const mostTerms = 20;

/** One value or a list of them; empty ones count as absent. */
const several = <T extends z.ZodType<unknown, string>>(one: T, most: number) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((given) => [given].flat().filter((text) => text !== ''))
    .pipe(z.array(one).max(most, `must be ${most} at most`));

const service = z
  .string()
  .max(255, 'must have at most 255 characters')
  .regex(/^\P{Cc}+$/u, 'must not contain control characters');

const hexId = (length: number, what: string) =>
  z
    .string()
    .toLowerCase()
    .regex(new RegExp(`^[0-9a-f]{1,${length}}$`), `must be the ${length} hexadecimal digits of ${what}`)
    .transform((text) => text.padStart(length, '0'));

const attribute = z
  .string()
  .max(2_000, 'must have at most 2000 characters')
  .transform((text, context): AttributeFilter => {
    const filter = parseAttributeFilter(text);
    if (filter) return filter;
    context.addIssue({ code: 'custom', message: 'must be key=value, key!=value, or key' });
    return z.NEVER;
  });

const text = z
  .string()
  .max(1_000, 'must have at most 1000 characters')
  .refine((given) => textTerms(given).length <= mostTerms, `must have at most ${mostTerms} words`);

/** An optional parameter of which an empty one counts as absent. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((given) => (given === '' ? undefined : given), schema.optional());

export const rangeShape = {
  env: environmentParam.optional().describe('The default one where absent.'),
  from: timePoint.optional().describe('`now-1h`, RFC 3339 or milliseconds; the last hour where absent.'),
  to: timePoint.optional().describe('`now` where absent.'),
  source: optional(z.string().max(100, 'must have at most 100 characters')).describe('One source; else all.'),
};

const filterShape = {
  service: several(service, mostServices).optional().describe('Of these services; may be repeated.'),
  level: optional(z.enum(logLevels, `must be one of ${logLevels.join(', ')}`)).describe('This level or a worse one.'),
  text: optional(text).describe(
    'Words that the line contains, each of them, in any case; what stands in double quotes counts as one.',
  ),
  trace: optional(hexId(32, 'a trace')).describe('Of this trace.'),
  span: optional(hexId(16, 'a span')).describe('Of this span.'),
  attribute: several(attribute, mostAttributes)
    .optional()
    .describe('`key=value`, `key!=value`, or `key` (exists); may be repeated. Also attributes of the resource.'),
};

export const searchShape = { ...rangeShape, ...filterShape };

export const listQuery = z.object({
  ...searchShape,
  order: z.enum(['newest', 'oldest'], 'must be newest or oldest').default('newest'),
  limit: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .max(highestLimit, `must be ${highestLimit} or less`)
    .default(100),
  cursor: z.string().max(4_000, 'must have at most 4000 characters').optional(),
});
export type ListQuery = z.infer<typeof listQuery>;

export const histogramQuery = z.object({
  ...searchShape,
  buckets: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .max(500, 'must be 500 or less')
    .default(60),
});

const lineCount = z.coerce
  .number('must be a number')
  .int('must be a whole number')
  .min(0, 'must be 0 or more')
  .max(200, 'must be 200 or less');

export const contextQuery = z.object({
  env: rangeShape.env,
  id: z
    .string('must be the id of a line')
    .max(400, 'must have at most 400 characters')
    .regex(/^.+:[0-9a-f]{1,64}$/, 'must be the id of a line, as a list gives it'),
  timeNs: z.string('must be the timeNs of a line').regex(/^\d{1,19}$/, 'must be nanoseconds since 1970'),
  service: optional(service).describe('Its service; a token that reaches only some must name it.'),
  before: lineCount.default(10),
  after: lineCount.default(10),
});

export const facetsQuery = z.object({ ...rangeShape, service: optional(service) });

export const valuesQuery = z.object({
  ...rangeShape,
  service: optional(service),
  key: z
    .string('must be the name of an attribute')
    .min(1, 'must not be empty')
    .max(300, 'must have at most 300 characters'),
  prefix: z.string().max(300, 'must have at most 300 characters').optional(),
});

export const tailQuery = z.object({ env: rangeShape.env, source: rangeShape.source, ...filterShape });

export const downloadFormats = ['text', 'ndjson', 'csv'] as const;
export const downloadQuery = z.object({
  ...searchShape,
  format: z.enum(downloadFormats, `must be one of ${downloadFormats.join(', ')}`).default('text'),
});

type Filters = z.infer<typeof tailQuery>;

/** What is asked of the sources, but for its time. */
export function filtersOf(query: Omit<Filters, 'source'>): Omit<LogQuery, 'fromNs' | 'toNs'> {
  return {
    environment: environmentOf(query.env),
    services: query.service ?? [],
    atLeast: query.level,
    text: query.text,
    traceId: query.trace,
    spanId: query.span,
    attributes: query.attribute ?? [],
  };
}

export const msToNs = (ms: number) => BigInt(Math.round(ms)) * 1_000_000n;

/** What is asked of the sources, with its time resolved. */
export function logQueryOf(query: Omit<z.infer<typeof histogramQuery>, 'buckets'>, nowMs: number): LogQuery {
  const { fromMs, toMs } = resolveRange(query, nowMs);
  return { ...filtersOf(query), fromNs: msToNs(fromMs), toNs: msToNs(toMs) };
}
