import { hash } from 'node:crypto';
import * as z from 'zod';
import type { Attributes } from '#lib/adapters/otlp/attributes.ts';
import { LogSourceError } from '../errors.ts';
import { levelOf } from '../levels.ts';
import type { LogLevel, LogLine } from '../port.ts';
import { type LokiLabels, levelOfWord } from './logql.ts';

const labels = z.record(z.string(), z.string());
const metadata = z.object({ structuredMetadata: labels.optional(), parsed: labels.optional() });
const nanoseconds = z.string().regex(/^\d{1,19}$/);
const entry = z.union([z.tuple([nanoseconds, z.string()]), z.tuple([nanoseconds, z.string(), metadata])]);
const stream = z.object({ stream: labels, values: z.array(entry) });
export type Stream = z.infer<typeof stream>;

const streamsAnswer = z.object({
  status: z.literal('success'),
  data: z.object({ resultType: z.literal('streams'), result: z.array(stream) }),
});
const matrixAnswer = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric: labels, values: z.array(z.tuple([z.number(), z.string()])) })),
  }),
});
const namesAnswer = z.object({ status: z.literal('success'), data: z.array(z.string()).nullish() });
const buildInfo = z.object({ version: z.string().optional() });
export const tailFrame = z.object({
  streams: z.array(stream).nullish(),
  dropped_entries: z.array(z.unknown()).nullish(),
});

/** Reads an answer by its shape; one of another shape is `garbled`. */
function read<T>(sourceId: string, schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new LogSourceError(sourceId, 'garbled', 'The answer is not as Loki writes it.', { cause: parsed.error });
}

export const readStreams = (id: string, answer: unknown) => read(id, streamsAnswer, answer).data.result;
export const readMatrix = (id: string, answer: unknown) => read(id, matrixAnswer, answer).data.result;
export const readNames = (id: string, answer: unknown) => read(id, namesAnswer, answer).data ?? [];
export const readVersion = (id: string, answer: unknown) => read(id, buildInfo, answer).version || null;

/** What Loki keeps beside a line that is a part of the line itself. */
const consumed = new Set([
  'trace_id',
  'span_id',
  'severity_number',
  'severity_text',
  'detected_level',
  'observed_timestamp',
  'scope_name',
  'flags',
]);
/** Loki keeps attributes of the resource and of the line in one heap; these names are the resource's. */
const ofResource = /^(service|deployment|k8s|cloud|container|host|process|os|telemetry|faas)_/;

const hex = (text: string | undefined, length: number) =>
  text && /^[0-9a-fA-F]+$/.test(text) && text.length <= length ? text.toLowerCase().padStart(length, '0') : null;

/** The level of a line by what stands beside it: its number, else the word it came with, else what Loki found. */
export function levelBeside(all: Record<string, string | undefined>): LogLevel | null {
  const byNumber = levelOf(Number(all.severity_number));
  if (byNumber) return byNumber;
  for (const word of [all.severity_text, all.level, all.detected_level]) {
    const level = word ? levelOfWord(word) : null;
    if (level) return level;
  }
  return null;
}

/**
 * The lines of an answer. Loki has no ids: a digest of the stream, the time and the content names a line; it keeps no
 * two that are equal in all of these.
 */
export function toLines(streams: readonly Stream[], names: LokiLabels, defaultEnvironment: string): LogLine[] {
  return streams.flatMap(({ stream: own, values }) =>
    values.map(([at, body, beside]) => {
      const all: Record<string, string | undefined> = { ...beside?.parsed, ...beside?.structuredMetadata, ...own };
      const attributes: Attributes = {};
      const resource: Attributes = {};
      for (const [key, value] of Object.entries(all)) {
        if (consumed.has(key) || value === undefined) continue;
        if ((beside && key in own) || ofResource.test(key)) resource[key] = value;
        else attributes[key] = value;
      }
      return {
        id: lineId(own, at, body, beside?.structuredMetadata),
        timeNs: BigInt(at),
        observedNs: /^\d{1,19}$/.test(all.observed_timestamp ?? '') ? BigInt(all.observed_timestamp ?? 0) : null,
        environment: (names.environment && all[names.environment]) || defaultEnvironment,
        service: all[names.service] ?? 'unknown_service',
        level: levelBeside(all),
        severityText: all.severity_text ?? null,
        body,
        bodyIsJson: isJson(body),
        traceId: hex(all.trace_id, 32),
        spanId: hex(all.span_id, 16),
        attributes,
        resource,
        scope: all.scope_name ?? null,
      };
    }),
  );
}

function lineId(
  own: Record<string, string>,
  at: string,
  body: string,
  beside: Record<string, string> | undefined,
): string {
  const parts = Object.entries({ ...beside, ...own }).sort(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha256', JSON.stringify([at, body, parts]), 'hex').slice(0, 32);
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
