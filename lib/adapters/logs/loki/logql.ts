import { textTerms } from '#lib/core/text-terms.ts';
import { type AttributeFilter, type LogLevel, type LogQuery, logLevels } from '../port.ts';

/** Which labels of a Loki hold environment and service; null where it has none for the environment. */
export interface LokiLabels {
  environment: string | null;
  service: string;
}

/** A string literal of LogQL. Its escapes are Go's, of which those of JSON are a part. */
export function quote(text: string): string {
  return JSON.stringify(text.toWellFormed());
}

/** Text as a regular expression (RE2) that matches just this text. */
export function escapeRegex(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** The name under which Loki keeps an attribute: label names have letters, digits and `_` only. */
export function attributeName(key: string): string {
  const name = key.replace(/[^a-zA-Z0-9_]/g, '_');
  return /^\d/.test(name) ? `key_${name}` : name;
}

const oneOf = (values: readonly string[]) => quote(values.map(escapeRegex).join('|'));

/** Streams of an environment, of all services or some; streams without a label for it belong to the usual one. */
export function selector(
  labels: LokiLabels,
  environment: string,
  defaultEnvironment: string,
  services: readonly string[],
): string {
  const matchers: string[] = [];
  if (labels.environment !== null) {
    matchers.push(
      environment === defaultEnvironment
        ? `${labels.environment}=~${quote(`(${escapeRegex(environment)})?`)}`
        : `${labels.environment}=${quote(environment)}`,
    );
  }
  const [only, ...more] = services;
  if (only === undefined) matchers.push(`${labels.service}=~".+"`);
  else matchers.push(`${labels.service}${more.length > 0 ? `=~${oneOf(services)}` : `=${quote(only)}`}`);
  return `{${matchers.join(', ')}}`;
}

const words: Record<LogLevel, string[]> = {
  trace: ['trace'],
  debug: ['debug'],
  info: ['info', 'information', 'notice'],
  warn: ['warn', 'warning'],
  error: ['error', 'err'],
  fatal: ['fatal', 'critical', 'crit', 'panic', 'alert', 'emerg', 'emergency'],
};

/** The level that a word means, whatever its case; null for any other word. */
export function levelOfWord(word: string): LogLevel | null {
  const lower = word.toLowerCase();
  return (Object.keys(words) as LogLevel[]).find((level) => words[level].includes(lower)) ?? null;
}

/** Lines of a level or a worse one: by their number, else by the word that they came with or that Loki found. */
function atLeast(level: LogLevel): string {
  const worse = (Object.keys(words) as LogLevel[]).filter((one) => logLevels[one] >= logLevels[level]);
  const named = quote(`(?i)(${worse.flatMap((one) => words[one]).join('|')})`);
  return `severity_number >= ${logLevels[level]} or (severity_number="" and (detected_level=~${named} or level=~${named}))`;
}

function attribute({ key, operator, value = '' }: AttributeFilter): string {
  const name = attributeName(key);
  return operator === 'exists' ? `${name}!=""` : `${name}${operator}${quote(value)}`;
}

/** The filters behind the selector, with a space before each. */
export function pipeline(
  query: Pick<LogQuery, 'atLeast' | 'text' | 'traceId' | 'spanId'> & { attributes: readonly AttributeFilter[] },
): string {
  const stages = [
    ...textTerms(query.text ?? '').map((term) => `|~ ${quote(`(?i)${escapeRegex(term)}`)}`),
    ...(query.traceId ? [`| trace_id=${quote(query.traceId)}`] : []),
    ...(query.spanId ? [`| span_id=${quote(query.spanId)}`] : []),
    ...(query.atLeast ? [`| ${atLeast(query.atLeast)}`] : []),
    ...query.attributes.map((filter) => `| ${attribute(filter)}`),
  ];
  return stages.map((stage) => ` ${stage}`).join('');
}

/**
 * Lines counted per `stepMs` by level, so that the sample at an instant stands for `[instant - step, instant)`. Loki
 * counts up to and with the instant; it evaluates in whole milliseconds, and an offset below one finds nothing.
 */
export function countByLevel(expression: string, stepMs: number): string {
  return `sum by (severity_number, detected_level) (count_over_time(${expression}[${stepMs}ms] offset 1ms))`;
}
