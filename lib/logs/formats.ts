import type { downloadFormats } from './params.ts';
import type { LogLine } from './schemas.ts';

export type DownloadFormat = (typeof downloadFormats)[number];

interface Format {
  contentType: string;
  extension: string;
  head: string;
  line(line: LogLine): string;
  /** A remark of ours as the last line. */
  remark(text: string): string;
}

const csvColumns = ['time', 'level', 'service', 'body', 'trace_id', 'span_id', 'attributes', 'resource'];

/** A cell of CSV (RFC 4180); one that a spreadsheet would take for a formula is prefixed. */
export function csvCell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const pairs = (attributes: object) =>
  Object.entries(attributes)
    .map(
      ([key, value]) => ` ${key}=${typeof value === 'string' && /^\S+$/.test(value) ? value : JSON.stringify(value)}`,
    )
    .join('');

export const formats: Record<DownloadFormat, Format> = {
  text: {
    contentType: 'text/plain; charset=utf-8',
    extension: 'log',
    head: '',
    line: ({ at, level, service, body, traceId, attributes }) =>
      `${at} ${(level ?? '-').toUpperCase().padEnd(5)} ${service} ${body.replace(/\r?\n/g, '\n  ')}${pairs({
        ...(traceId && { trace_id: traceId }),
        ...attributes,
      }).replace(/\r?\n/g, '\n  ')}\n`,
    remark: (text) => `# ${text}\n`,
  },
  ndjson: {
    contentType: 'application/x-ndjson; charset=utf-8',
    extension: 'ndjson',
    head: '',
    line: (line) => `${JSON.stringify(line)}\n`,
    remark: (text) => `${JSON.stringify({ remark: text })}\n`,
  },
  csv: {
    contentType: 'text/csv; charset=utf-8',
    extension: 'csv',
    head: `${csvColumns.join(',')}\r\n`,
    line: (line) =>
      `${[
        line.at,
        line.level ?? '',
        line.service,
        line.body,
        line.traceId ?? '',
        line.spanId ?? '',
        JSON.stringify(line.attributes),
        JSON.stringify(line.resource),
      ]
        .map(csvCell)
        .join(',')}\r\n`,
    remark: (text) => `${csvCell(`# ${text}`)}\r\n`,
  },
};
