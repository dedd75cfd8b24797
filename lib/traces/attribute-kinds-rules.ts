import type { JsonValue } from './schemas.ts';

/** The value of an attribute as text, as a search takes it. */
export function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const symptoms =
  /^(http\.(response\.)?status_code|rpc\.(grpc\.)?(response\.)?status_code|rpc\.grpc\.status_code|error(\..*)?|exception\..*|otel\.status.*|status(_code)?|fault\..*)$/;

/** Whether an attribute says that something went wrong rather than why. */
export const isSymptom = (key: string) => symptoms.test(key);

const replicas = new Set([
  'service.instance.id',
  'k8s.pod.name',
  'host.name',
  'host.id',
  'container.id',
  'k8s.pod.uid',
]);
/** Names a replica: few of them, and worth comparing however they are written. */
export const isReplica = (key: string) => replicas.has(key);

const always =
  /^(trace[._]?id|span[._]?id|parent[._]?(span[._]?)?id|traceparent|tracestate|process\.pid|process\.(command.*|executable\.path)|thread\.id)$/i;
const named = /(^|[._-])(id|ids|uid|uuid|guid|key|token|session|request|correlation)$/i;
const random = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}|[0-9A-HJKMNP-TV-Z]{26})$/i;
const timed =
  /(^|[._])(time|timestamp|ts|date|datetime|at|start|end|deadline|expires?|created|updated)$|_(at|time|ts|ns|ms)$/i;
const ephemeral = /(^|[._])port$/;

/** What has been seen of an attribute. */
export interface Seen {
  key: string;
  /** Different values, and times that a trace had one. */
  distinct: number;
  total: number;
  /** Some of the values. */
  examples: readonly string[];
  isNumeric: boolean;
}

const nearlyUnique = 0.9;
const leastForUnique = 20;

/** Why an attribute is not compared, or null: it names one request, or hardly two have the same value. */
export function leftOutBecause({
  key,
  distinct,
  total,
  examples,
  isNumeric,
}: Seen): 'identifier' | 'nearly_unique' | null {
  if (always.test(key)) return 'identifier';
  if (isReplica(key)) return null;
  const unique = total === 0 ? 0 : distinct / total;
  if (named.test(key) && unique > nearlyUnique && distinct > 2) return 'identifier';
  const looksRandom = examples.filter((text) => random.test(text)).length > examples.length * nearlyUnique;
  if (looksRandom && unique > 0.5 && distinct > 2) return 'identifier';
  if (ephemeral.test(key) && distinct > leastForUnique) return 'nearly_unique';
  if (unique > 0.5 && distinct > 2 && isTime(key, examples)) return 'nearly_unique';
  return unique > nearlyUnique && total > leastForUnique && !isNumeric ? 'nearly_unique' : null;
}

function isTime(key: string, examples: readonly string[]): boolean {
  const dated = examples.filter((text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)).length;
  if (dated > examples.length * nearlyUnique) return true;
  // Seconds, milliseconds, microseconds or nanoseconds since 1970, of this century.
  const instants = examples.filter((text) => /^1[0-9]{9}(\d{3}){0,3}$|^2[0-9]{9}(\d{3}){0,3}$/.test(text)).length;
  return timed.test(key) && instants > examples.length * nearlyUnique;
}
