import * as z from 'zod';

const instantNs = z.string().regex(/^-?\d+$/);
// Described as anything: a schema of JSON itself would have no end in the document of the API.
const attributes = z.record(z.string(), z.unknown() as z.ZodType<z.core.util.JSONType>);

/** From the least to the worst. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof logLevels)[number];

export const logSourceAnswer = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['embedded', 'loki']),
  outcome: z.enum(['answered', 'failed', 'skipped']),
  detail: z.string().nullable(),
});
export type LogSourceAnswer = z.infer<typeof logSourceAnswer>;

export const logLine = z.object({
  /** Names the line: `source:id`. */
  id: z.string(),
  source: z.string(),
  at: z.string(),
  timeNs: instantNs,
  environment: z.string(),
  service: z.string(),
  level: z.enum(logLevels).nullable(),
  severityText: z.string().nullable(),
  body: z.string(),
  bodyIsJson: z.boolean(),
  traceId: z.string().nullable(),
  spanId: z.string().nullable(),
  scope: z.string().nullable(),
  attributes,
  resource: attributes,
});
export type LogLine = z.infer<typeof logLine>;

export const logList = z.object({
  /** Newest first unless asked otherwise. */
  items: z.array(logLine),
  nextCursor: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  truncated: z.boolean(),
  /** What was looked at and what was not: sentences for the person. */
  notes: z.array(z.string()),
  sources: z.array(logSourceAnswer),
});
export type LogList = z.infer<typeof logList>;

export const logHistogram = z.object({
  from: z.string(),
  stepMs: z.number(),
  /** Bucket `i` begins at `from + i * stepMs`. Keys: the levels, and `none` for lines without one. */
  counts: z.record(z.string(), z.array(z.number())),
  total: z.number(),
  exact: z.boolean(),
  notes: z.array(z.string()),
  sources: z.array(logSourceAnswer),
});
export type LogHistogram = z.infer<typeof logHistogram>;

export const logContext = z.object({ items: z.array(logLine), nextCursor: z.null(), focus: z.string() });
export type LogContext = z.infer<typeof logContext>;

export const logFacets = z.object({
  services: z.array(z.string()),
  attributes: z.array(z.object({ key: z.string(), indexed: z.boolean() })),
  notes: z.array(z.string()),
  sources: z.array(logSourceAnswer),
});
export type LogFacets = z.infer<typeof logFacets>;

export const logValues = z.object({
  /** The most frequent first. */
  items: z.array(z.string()),
  nextCursor: z.null(),
  notes: z.array(z.string()),
  sources: z.array(logSourceAnswer),
});
export type LogValues = z.infer<typeof logValues>;

export const logStream = z.string().describe('Server-sent events, as text/event-stream.');
export const logFile = z.string().describe('The file: text/plain, application/x-ndjson or text/csv.');

/** What `/logs/tail` sends, by the name of the event. */
export interface LogTailEvents {
  lines: { items: LogLine[] };
  /** Lines left out because there were too many; null: nobody counted them. */
  dropped: { count: number | null };
  /** A source that does not answer now, or does again. */
  source: LogSourceAnswer;
  ping: Record<string, never>;
}
