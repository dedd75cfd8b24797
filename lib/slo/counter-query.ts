import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { isPrometheusError, type Matcher, parsePromql } from '#lib/adapters/prometheus/index.ts';

/** One selector with its parts; `text` of the person is not kept, it is written anew with quoted values. */
export interface CounterSelector {
  metric: string;
  matchers: Matcher[];
}

/** One summand: the selectors of a counter (several: all their series, each once), or of one native histogram. */
export type CounterTerm = { sign: 1 | -1 } & (
  | { kind: 'counter'; selectors: CounterSelector[] }
  | { kind: 'histogramCount'; selectors: [CounterSelector] }
  | { kind: 'histogramFraction'; selectors: [CounterSelector]; lower: string; upper: string }
);

/** Why a counter cannot be read; `offset` is into the expression. */
export class CounterQueryError extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.name = 'CounterQueryError';
    this.offset = offset;
  }
}

const allowed =
  'a counter is a sum of selectors: http_requests_total{…}, sum(a) + sum(b), a - b, sum(a or b), histogram_count(h), histogram_fraction(0, 0.5, h)';

/**
 * Reads PromQL of a counter as the raw series that it adds up. `sum`, `rate` and `increase` around a selector are left
 * away. Throws `CounterQueryError` for what is no such sum.
 */
export function readCounterQuery(text: string): CounterTerm[] {
  const lead = text.length - text.trimStart().length;
  const expression = parseAlone(text);
  const tree = parser.parse(expression);
  try {
    const terms = readSum(onlyChild(tree.topNode), { expression, inSum: false, inRate: false });
    const [first] = terms;
    if (!first) throw new CounterQueryError(`is empty; ${allowed}`, 0);
    return terms;
  } catch (error) {
    if (error instanceof CounterQueryError) throw new CounterQueryError(error.message, error.offset + lead);
    throw error;
  }
}

function parseAlone(text: string): string {
  try {
    return parsePromql(text);
  } catch (error) {
    if (!isPrometheusError(error)) throw error;
    const { line = 1, column = 1 } = error.position ?? {};
    const before = text.split('\n').slice(0, line - 1);
    throw new CounterQueryError(error.detail, before.join('\n').length + (before.length ? 1 : 0) + column - 1);
  }
}

interface Scope {
  expression: string;
  inSum: boolean;
  inRate: boolean;
}

const children = (node: SyntaxNode): SyntaxNode[] => {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'LineComment') found.push(child);
  }
  return found;
};

const onlyChild = (node: SyntaxNode): SyntaxNode => children(node)[0] as SyntaxNode;

function readSum(node: SyntaxNode, scope: Scope): CounterTerm[] {
  const refuse = (why: string, at: SyntaxNode = node): never => {
    throw new CounterQueryError(why, at.from);
  };
  switch (node.name) {
    case 'ParenExpr':
      return readSum(onlyChild(node), scope);
    case 'VectorSelector':
      return [{ sign: 1, kind: 'counter', selectors: [readSelector(node, scope.expression)] }];
    case 'MatrixSelector':
      if (!scope.inRate) refuse('[…] belongs inside rate(…), and neither is needed: give the selector alone');
      return readSum(onlyChild(node), scope);
    case 'AggregateExpr': {
      const operator = children(node)[0];
      if (operator && textOf(operator, scope) !== 'sum') {
        refuse(`${textOf(operator, scope)}(…) is no sum; ${allowed}`);
      }
      const body = children(node).find(({ name }) => name === 'FunctionCallBody') as SyntaxNode;
      return readSum(onlyChild(body), { ...scope, inSum: true });
    }
    case 'BinaryExpr':
      return readBinary(node, scope);
    case 'FunctionCall':
      return readCall(node, scope);
    case 'UnaryExpr':
      return refuse(`a sign before a selector is not needed; ${allowed}`);
    case 'OffsetExpr':
    case 'StepInvariantExpr':
      return refuse('offset and @ look at another time than the rest; leave them away');
    case 'SubqueryExpr':
      return refuse('a subquery is no counter; give the selector alone');
    case 'NumberDurationLiteral':
    case 'StringLiteral':
      return refuse(`is no selector; ${allowed}`);
    default:
      return refuse(`cannot be read as a counter; ${allowed}`);
  }
}

function readBinary(node: SyntaxNode, scope: Scope): CounterTerm[] {
  const [left, operator, ...rest] = children(node) as [SyntaxNode, SyntaxNode, ...SyntaxNode[]];
  const right = rest.at(-1) as SyntaxNode;
  const refuse = (why: string, at: SyntaxNode = operator): never => {
    throw new CounterQueryError(why, at.from);
  };
  if (scope.inRate) refuse('rate(…) takes one selector with its window');
  if (rest.length > 1) refuse('on(…), ignoring(…), bool and group_left are not needed in a sum', rest[0]);
  if (operator.name === 'Or') {
    if (isVectorFunction(right, scope)) {
      refuse('leave "or vector(0)" away: what never happened counts as 0 where its labels exist on the total');
    }
    const sides = [...readSum(left, scope), ...readSum(right, scope)];
    const selectors = sides.flatMap((term) => (term.kind === 'counter' && term.sign === 1 ? term.selectors : []));
    const plain = [left, right].every((side) => isSeries(side));
    if (!plain || selectors.length < sides.length) {
      refuse('sum(a) or sum(b) takes b only while there is no a; write sum(a or b) or sum(a) + sum(b)');
    }
    return [{ sign: 1, kind: 'counter', selectors }];
  }
  if (operator.name !== 'Add' && operator.name !== 'Sub') {
    refuse(`${scope.expression.slice(operator.from, operator.to)} is no sum; ${allowed}`);
  }
  const sign = operator.name === 'Sub' ? -1 : 1;
  const subtracted = readSum(right, scope).map((term) => ({ ...term, sign: (term.sign * sign) as 1 | -1 }));
  return [...readSum(left, scope), ...subtracted];
}

/** A selector, with rate around it or without, or several of them joined with `or`: series that are not yet added up. */
function isSeries(node: SyntaxNode): boolean {
  if (node.name === 'VectorSelector') return true;
  if (node.name === 'ParenExpr') return isSeries(onlyChild(node));
  if (node.name === 'BinaryExpr') {
    const [left, operator, right] = children(node);
    return operator?.name === 'Or' && left !== undefined && right !== undefined && isSeries(left) && isSeries(right);
  }
  const inside = node.name === 'FunctionCall' ? children(node)[1] : undefined;
  return inside !== undefined && children(inside)[0]?.name === 'MatrixSelector';
}

const isVectorFunction = (node: SyntaxNode, scope: Scope) =>
  /^\(*\s*vector\s*\(/.test(scope.expression.slice(node.from, node.to));

function readCall(node: SyntaxNode, scope: Scope): CounterTerm[] {
  const [identifier, body] = children(node) as [SyntaxNode, SyntaxNode];
  const name = textOf(identifier, scope);
  const inside = children(body);
  const refuse = (why: string, at: SyntaxNode = node): never => {
    throw new CounterQueryError(why, at.from);
  };
  if (scope.inRate) refuse(`rate(${name}(…)) cannot be read; ${allowed}`);
  if (name === 'rate' || name === 'increase') {
    if (inside[0]?.name === 'AggregateExpr' || inside[0]?.name === 'SubqueryExpr') {
      refuse(`${name}(sum(…)) does not see counters start again; write sum(${name}(…))`);
    }
    if (inside[0]?.name !== 'MatrixSelector') refuse(`${name}(…) takes one selector with its window`, inside[0]);
    return readSum(inside[0] as SyntaxNode, { ...scope, inRate: true });
  }
  if (name === 'histogram_count') {
    return [{ sign: 1, kind: 'histogramCount', selectors: [histogramIn(inside[0] as SyntaxNode, name, scope)] }];
  }
  if (name === 'histogram_fraction') {
    const [lower, upper, histogram] = inside as [SyntaxNode, SyntaxNode, SyntaxNode];
    const bound = (at: SyntaxNode) => {
      const text = scope.expression.slice(at.from, at.to).replace(/\s+/g, '');
      if (!/^[-+]?(?:inf|[\d.]+(?:e[-+]?\d+)?)$/i.test(text)) refuse('bounds must be numbers, such as 0 and 0.5', at);
      return text;
    };
    if (inside.length !== 3) refuse('histogram_fraction takes a lower bound, an upper bound and a histogram');
    const selectors: [CounterSelector] = [histogramIn(histogram, name, scope)];
    return [{ sign: 1, kind: 'histogramFraction', selectors, lower: bound(lower), upper: bound(upper) }];
  }
  if (name === 'irate' || name === 'delta' || name === 'idelta') {
    refuse(`${name}(…) loses events of a counter; give the selector alone`);
  }
  if (name === 'vector' || name === 'absent') refuse(`${name}(…) counts nothing; ${allowed}`);
  return refuse(`${name}(…) is no counter; ${allowed}`);
}

function histogramIn(node: SyntaxNode, name: string, scope: Scope): CounterSelector {
  const [term, ...others] = readSum(node, { ...scope, inSum: true });
  if (!term || others.length > 0 || term.sign !== 1 || term.kind !== 'counter' || term.selectors.length > 1) {
    throw new CounterQueryError(`${name}(…) takes one native histogram`, node.from);
  }
  return term.selectors[0] as CounterSelector;
}

const textOf = (node: SyntaxNode, { expression }: Scope) => expression.slice(node.from, node.to).trim();

const operators: Record<string, Matcher[1]> = { EqlSingle: '=', Neq: '!=', EqlRegex: '=~', NeqRegex: '!~' };

/** Reads a `VectorSelector` node. */
export function readSelector(node: SyntaxNode, expression: string): CounterSelector {
  let metric = '';
  const matchers: Matcher[] = [];
  const slice = (at: SyntaxNode) => expression.slice(at.from, at.to);
  for (const child of children(node)) {
    if (child.name === 'Identifier') metric = slice(child);
    if (child.name !== 'LabelMatchers') continue;
    for (const part of children(child)) {
      if (part.name === 'QuotedLabelName') {
        metric = unquote(slice(part));
        continue;
      }
      const [name, operator, value] = children(part) as [SyntaxNode, SyntaxNode, SyntaxNode];
      const label = name.name === 'QuotedLabelName' ? unquote(slice(name)) : slice(name);
      const kind = operators[onlyChild(operator).name] as Matcher[1];
      const text = unquote(slice(value));
      if (label === '__name__' && kind === '=' && metric === '') metric = text;
      else matchers.push([label, kind, text]);
    }
  }
  if (metric === '') throw new CounterQueryError('must name a metric, such as http_requests_total{…}', node.from);
  return { metric, matchers };
}

const escapes: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** The text of a PromQL string literal. */
export function unquote(literal: string): string {
  const inside = literal.slice(1, -1);
  if (literal.startsWith('`')) return inside;
  return inside.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([\s\S]))/g,
    (_, hex, short, long, octal, char) => {
      const code = hex ?? short ?? long;
      if (code !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff));
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      return escapes[char] ?? char;
    },
  );
}
