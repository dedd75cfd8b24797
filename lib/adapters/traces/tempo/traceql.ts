import type { AttributeFilter, TraceSearch } from '../port.ts';
import { environmentKeys, namesOf } from '../semconv.ts';

/** A string of TraceQL. Its escapes are those of Go, of which JSON's are a part. */
export function quote(value: string): string {
  return JSON.stringify(value.toWellFormed());
}

const scopes = { span: 'span.', resource: 'resource.', either: '.' } as const;

/** The name of an attribute; what has other characters than the usual ones is quoted. */
export function attribute(scope: keyof typeof scopes, key: string): string {
  return `${scopes[scope]}${/^[a-zA-Z_][\w./-]*$/.test(key) ? key : quote(key)}`;
}

/** A value as text, and as the number or boolean that the text may stand for. */
function literals(value: string): string[] {
  const typed = /^(true|false|-?(0|[1-9]\d{0,17})(\.\d{1,17})?)$/.test(value);
  return typed ? [quote(value), value] : [quote(value)];
}

/** A filter on attributes, under every name that the key has had. Values of another type than asked for never differ. */
export function filter({ scope = undefined, key, operator, value = '' }: AttributeFilter): string {
  const names = namesOf(key).map((name) => attribute(scope ?? 'either', name));
  if (operator === 'exists') return oneOf(names.map((name) => `${name} != nil`));
  return oneOf(names.flatMap((name) => literals(value).map((literal) => `${name} ${operator} ${literal}`)));
}

function oneOf(conditions: readonly string[]): string {
  return conditions.length === 1 ? (conditions[0] as string) : `(${conditions.join(' || ')})`;
}

const duration = (ms: number) => `${Math.round(ms * 1_000_000)}ns`;
const root = 'nestedSetParent < 0';

export interface QueryOptions {
  /** Only what names the environment; without it what names none is asked for too. */
  inEnvironment: boolean;
  /** Of a service only the spans that take over from others. */
  entriesOnly: boolean;
  /** Newest first instead of the first to be found (2.8 and later). */
  mostRecent: boolean;
}

/** What is read of each span that was found, to say what it is. */
const select = ` | select(${['resource.service.name', 'name', 'status', 'kind', 'nestedSetParent', ...environmentKeys.map((key) => attribute('resource', key))].join(', ')})`;

/** A search as TraceQL. Values come in quotes, never as they are. */
export function traceql(search: TraceSearch, { inEnvironment, entriesOnly, mostRecent }: QueryOptions): string {
  const conditions: string[] = [];
  const more: string[] = [];
  if (inEnvironment) {
    conditions.push(
      oneOf(environmentKeys.map((key) => `${attribute('resource', key)} = ${quote(search.environment)}`)),
    );
  }
  if (search.operation !== undefined) conditions.push(`name = ${quote(search.operation)}`);
  if (search.minDurationMs !== undefined) conditions.push(`duration >= ${duration(search.minDurationMs)}`);
  if (search.maxDurationMs !== undefined) conditions.push(`duration <= ${duration(search.maxDurationMs)}`);
  if (search.service === undefined) {
    if (search.query === undefined) conditions.push(root);
    if (search.status === 'error') more.push('{ status = error }');
    if (search.attributes.length > 0) more.push(`{ ${search.attributes.map(filter).join(' && ')} }`);
  } else {
    conditions.push(`resource.service.name = ${quote(search.service)}`);
    if (search.status) conditions.push(`status ${search.status === 'error' ? '=' : '!='} error`);
    conditions.push(...search.attributes.map(filter));
    if (entriesOnly) conditions.push(`(kind = server || kind = consumer || ${root})`);
  }
  const built = [...(conditions.length > 0 ? [`{ ${conditions.join(' && ')} }`] : []), ...more];
  const hint = mostRecent ? ' with (most_recent=true)' : '';
  const own = search.query?.trim();
  if (!own) return `${built.join(' && ')}${select}${hint}`;
  // A query that ends in hints takes nothing behind them; a pipeline is joined only with pipelines.
  if (/\bwith\s*\([^)]*\)\s*$/.test(own)) return own;
  if (built.length === 0) return `${own}${select}${hint}`;
  if (isPipeline(own)) return `${[own, ...built].map((one) => `(${one})`).join(' && ')}${hint}`;
  return `${[`(${own})`, ...built].join(' && ')}${select}${hint}`;
}

/** Whether a query goes on behind its spans: `{ … } | count() > 2`. */
function isPipeline(query: string): boolean {
  const bare = query.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, '""');
  return /(?<!\|)\|(?!\|)/.test(bare);
}
