import type { LogLine as SourceLine } from '#lib/adapters/logs/index.ts';
import type { LogLine } from './schemas.ts';

export const nsToIso = (ns: bigint) => {
  const at = new Date(Number(ns / 1_000_000n));
  return Number.isNaN(at.getTime()) ? new Date(0).toISOString() : at.toISOString();
};

/** A line as it travels; its id names the source too. */
export function toLine(sourceId: string, line: SourceLine): LogLine {
  return {
    id: `${sourceId}:${line.id}`,
    source: sourceId,
    at: nsToIso(line.timeNs),
    timeNs: String(line.timeNs),
    environment: line.environment,
    service: line.service,
    level: line.level,
    severityText: line.severityText,
    body: line.body,
    bodyIsJson: line.bodyIsJson,
    traceId: line.traceId,
    spanId: line.spanId,
    scope: line.scope,
    attributes: line.attributes,
    resource: line.resource,
  };
}
