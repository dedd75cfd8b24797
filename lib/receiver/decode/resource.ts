import { hash } from 'node:crypto';
import type { InstrumentationScope } from '#lib/adapters/otlp/generated/opentelemetry/proto/common/v1/common_pb.js';
import type { Resource } from '#lib/adapters/otlp/generated/opentelemetry/proto/resource/v1/resource_pb.js';
import { attributesJson, cleanText, textAttribute } from './values.ts';

/** Service and environment are parts of indexes, whose entries are bounded. */
const longestName = 255;

/** Who sent something: kept once for all its spans and records. */
export interface ResourceRow {
  /** Hexadecimal digest of environment, service and attributes. */
  id: string;
  environment: string;
  service: string;
  attributes: string;
}

/** Reads a resource. Without `service.name` the service is `unknown_service`; environment may be empty. */
export function resourceRow(resource: Resource | undefined): ResourceRow {
  const attributes = [...(resource?.attributes ?? [])].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const service = textAttribute(attributes, 'service.name') ?? 'unknown_service';
  const environment = textAttribute(attributes, 'deployment.environment.name', 'deployment.environment') ?? '';
  const text = attributesJson(attributes);
  return {
    id: hash('sha256', text, 'hex').slice(0, 32),
    environment: shortenName(environment),
    service: shortenName(service),
    attributes: text,
  };
}

/** Bounds what becomes part of an index or a label. */
export function shortenName(name: string): string {
  return name.length > longestName ? name.slice(0, longestName).toWellFormed() : name;
}

/** Name and version of the library that made a span or record. */
export function scopeNames(scope: InstrumentationScope | undefined): { name: string | null; version: string | null } {
  return {
    name: scope?.name ? cleanText(scope.name) : null,
    version: scope?.version ? cleanText(scope.version) : null,
  };
}
