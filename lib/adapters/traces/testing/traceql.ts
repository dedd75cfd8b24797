import type { Attributes, AttributeValue } from '#lib/adapters/otlp/attributes.ts';

/** What a condition may ask of a span. */
export interface Intrinsics {
  span: Attributes;
  resource: Attributes;
  name: string;
  kind: string;
  status: string;
  durationNs: bigint;
  nestedSetParent: number;
}

type Condition = (span: Intrinsics) => boolean;

export interface Query {
  /** Joined by `&&`: each must select a span. */
  spansets: Condition[];
  select: string[];
  hints: boolean;
}

const token =
  /\s*(?:("(?:[^"\\]|\\.)*")|(\d+(?:\.\d+)?ns|-?\d+(?:\.\d+)?)|((?:\.|[a-zA-Z_])(?:[\w./-]*(?:"(?:[^"\\]|\\.)*")?))|(&&|\|\||>=|<=|!=|[{}()|,=<>]))/y;

/** Reads the part of TraceQL that the adapter writes: spansets of comparisons, `select`, hints. Throws on the rest. */
export function parseTraceql(text: string): Query {
  const tokens: string[] = [];
  const { length } = text.trimEnd();
  for (token.lastIndex = 0; token.lastIndex < length; ) {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (!found) throw new Error(`unexpected ${text.slice(at, at + 10)}`);
    tokens.push(found[0].trim());
  }
  let next = 0;
  const peek = () => tokens[next];
  const take = (wanted?: string): string => {
    const found = tokens[next];
    if (found === undefined || (wanted !== undefined && found !== wanted)) {
      throw new Error(`unexpected ${found ?? '$end'}${wanted ? `, expecting ${wanted}` : ''}`);
    }
    next += 1;
    return found;
  };

  const spansets: Condition[] = [];
  function spanset(): void {
    if (peek() === '(') {
      take();
      spansetList();
      take(')');
      return;
    }
    take('{');
    spansets.push(peek() === '}' ? () => true : or());
    take('}');
  }
  function spansetList(): void {
    spanset();
    while (peek() === '&&') {
      take();
      spanset();
    }
  }
  function or(): Condition {
    const sides = [and()];
    while (peek() === '||') {
      take();
      sides.push(and());
    }
    return (span) => sides.some((side) => side(span));
  }
  function and(): Condition {
    const sides = [term()];
    while (peek() === '&&') {
      take();
      sides.push(term());
    }
    return (span) => sides.every((side) => side(span));
  }
  function term(): Condition {
    if (peek() === '(') {
      take();
      const inner = or();
      take(')');
      return inner;
    }
    const field = take();
    if (!/^[a-zA-Z_.]/.test(field)) throw new Error(`unexpected ${field}`);
    return comparison(field, take(), take());
  }

  spansetList();
  let select: string[] = [];
  let hints = false;
  if (peek() === '|') {
    take();
    take('select');
    take('(');
    select = [take()];
    while (peek() === ',') {
      take();
      select.push(take());
    }
    take(')');
  }
  if (peek() === 'with') {
    take();
    for (const part of ['(', 'most_recent', '=', 'true', ')']) take(part);
    hints = true;
  }
  if (peek() !== undefined) throw new Error(`unexpected ${peek()}`);
  return { spansets, select, hints };
}

function comparison(field: string, operator: string, literal: string): Condition {
  return (span) => {
    const value = valueIn(field, span);
    if (literal === 'nil') return operator === '!=' && value !== undefined;
    if (value === undefined || value === null) return false;
    if (literal.endsWith('ns') && typeof value === 'bigint')
      return compare(value, operator, BigInt(Math.round(Number(literal.slice(0, -2)))));
    const wanted = literalOf(literal);
    // Values of different types are neither equal nor different.
    return typeof wanted === typeof value && compare(value as string | number | boolean, operator, wanted);
  };
}

function literalOf(literal: string): string | number | boolean {
  if (literal.startsWith('"')) return JSON.parse(literal) as string;
  if (literal === 'true' || literal === 'false') return literal === 'true';
  return /^-?\d/.test(literal) ? Number(literal) : literal;
}

function compare<T extends string | number | boolean | bigint>(value: T, operator: string, wanted: T): boolean {
  switch (operator) {
    case '=':
      return value === wanted;
    case '!=':
      return value !== wanted;
    case '<':
      return value < wanted;
    case '<=':
      return value <= wanted;
    case '>=':
      return value >= wanted;
    default:
      throw new Error(`unexpected ${operator}`);
  }
}

function valueIn(field: string, span: Intrinsics): AttributeValue | bigint | undefined {
  const [, scope, name] = /^(resource|span|)\.(.*)$/s.exec(field) ?? [];
  if (scope !== undefined && name !== undefined) {
    const key = name.startsWith('"') ? (JSON.parse(name) as string) : name;
    return (scope === 'resource' ? undefined : span.span[key]) ?? (scope === 'span' ? undefined : span.resource[key]);
  }
  if (field === 'duration') return span.durationNs;
  if (field === 'name' || field === 'kind' || field === 'status' || field === 'nestedSetParent') return span[field];
  throw new Error(`unexpected IDENTIFIER ${field}`);
}

/** Which spans of a trace a query selects; null where one of its spansets selects none. */
export function evaluate({ spansets }: Query, spans: readonly Intrinsics[]): Set<number> | null {
  const found = spansets.map((condition) => spans.flatMap((span, index) => (condition(span) ? [index] : [])));
  return found.every((indexes) => indexes.length > 0) ? new Set(found.flat()) : null;
}
