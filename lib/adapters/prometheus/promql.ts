import { parser } from '@prometheus-io/lezer-promql';
import { PrometheusError } from './errors.ts';

/** A PromQL string literal for any text. */
export function quote(text: string): string {
  let quoted = '"';
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    if (char === '\\' || char === '"') quoted += `\\${char}`;
    else if (char === '\n') quoted += '\\n';
    else if (code < 0x20 || code === 0x7f) quoted += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code >= 0xd800 && code <= 0xdfff) quoted += '\ufffd';
    else quoted += char;
  }
  return `${quoted}"`;
}

/** A regular expression (RE2) that matches this text and nothing else. */
export function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|-]/g, '\\$&');
}

export type MatchOperator = '=' | '!=' | '=~' | '!~';
export type Matcher = readonly [label: string, operator: MatchOperator, value: string];

const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** A matcher for one of several values, each taken literally. */
export function oneOf(label: string, values: readonly string[]): Matcher {
  return [label, '=~', values.map(escapeRegex).join('|')];
}

/**
 * A selector such as `up{job="order"}`. Names outside the classic character set are quoted, as Prometheus 3 takes
 * them; values always are.
 */
export function selector(metric: string, matchers: readonly (Matcher | null | undefined)[] = []): string {
  const inside = matchers.flatMap((matcher) => {
    if (!matcher) return [];
    const [label, operator, value] = matcher;
    return [`${labelName.test(label) ? label : quote(label)}${operator}${quote(value)}`];
  });
  if (metric === '' || metricName.test(metric))
    return inside.length || !metric ? `${metric}{${inside.join(',')}}` : metric;
  return `{${[quote(metric), ...inside].join(',')}}`;
}

/** A duration as PromQL writes it; whole seconds where possible. */
export function duration(ms: number): string {
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${Math.round(ms)}ms`;
}

/** A list of label names for `by (…)`. Refuses what is no label name. */
export function labelList(labels: readonly string[]): string {
  for (const label of labels) {
    if (!labelName.test(label)) throw new TypeError(`${JSON.stringify(label)} is not a label name`);
  }
  return labels.join(', ');
}

/** Sets a label to a fixed value on every series of an expression. */
export function withLabel(expression: string, label: string, value: string): string {
  return `label_replace(${expression}, ${quote(label)}, ${quote(value.replaceAll('$', '$$$$'))}, "", "")`;
}

export const maxExpressionLength = 10_000;

/**
 * Checks that a person's text is one whole PromQL expression by itself, so that it can be wrapped. Returns it
 * trimmed; throws `PrometheusError` with line and column of the first mistake.
 */
export function parsePromql(text: string): string {
  const expression = text.trim();
  if (expression === '')
    throw new PrometheusError('bad_data', 'The expression is empty. Type a PromQL expression, e.g. up.');
  if (expression.length > maxExpressionLength) {
    throw new PrometheusError(
      'bad_data',
      `The expression is longer than ${maxExpressionLength.toLocaleString('en')} characters.`,
    );
  }
  let mistakeAt: number | null = null;
  let hasExpression = false;
  parser.parse(expression).iterate({
    enter(node) {
      if (node.type.isError && mistakeAt === null) mistakeAt = node.from;
      if (!node.type.isTop && !node.type.isError && node.name !== 'LineComment') hasExpression = true;
    },
  });
  if (!hasExpression)
    throw new PrometheusError('bad_data', 'The expression is only a comment. Type a PromQL expression.');
  if (mistakeAt === null) return expression;
  const before = expression.slice(0, mistakeAt).split('\n');
  const position = { line: before.length, column: (before.at(-1) ?? '').length + 1 };
  const where = position.line > 1 ? `line ${position.line}, column ${position.column}` : `column ${position.column}`;
  const near = expression.slice(mistakeAt, mistakeAt + 20).split('\n')[0];
  const what = near ? `near ${JSON.stringify(near)}` : 'it ends too early';
  throw new PrometheusError('bad_data', `The expression does not parse at ${where}: ${what}.`, { position });
}

/** Puts a person's expression in parentheses after checking it alone; a trailing comment cannot swallow the end. */
export function wrapPromql(text: string): string {
  return `(${parsePromql(text)}\n)`;
}
