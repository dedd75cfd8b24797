import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { escapeRegex, type Matcher, quote, selector } from '#lib/adapters/prometheus/index.ts';
import { type CounterSelector, readSelector } from '../counter-query.ts';

/** The matcher of the environment: as `environmentMatcher` gives it. */
export type EnvironmentMatcher = Matcher | null;

/**
 * How the bound of a bucket may be written: Prometheus 3 stores `le="1"` as `le="1.0"`, exporters write what they like
 * (`1e+06`, `1000000`).
 */
export function boundSpellings(text: string): string[] {
  const bound = Number(text);
  if (text.trim() === '' || !Number.isFinite(bound)) return [text];
  const plain = String(bound);
  // Go's shortest format ('g', -1) takes an exponent below 1e-4 and from 1e6 on.
  const go = bound !== 0 && (Math.abs(bound) >= 1e6 || Math.abs(bound) < 1e-4) ? exponent(bound) : plain;
  const dotted = [plain, go].map((one) => (/[.e]/.test(one) ? one : `${one}.0`));
  return [...new Set([text, plain, go, ...dotted])];
}

function exponent(value: number): string {
  const [mantissa, power = '0'] = value.toExponential().split('e');
  const digits = Math.abs(Number(power));
  return `${mantissa}e${Number(power) < 0 ? '-' : '+'}${String(digits).padStart(2, '0')}`;
}

/** A matcher on a bucket's bound takes every spelling of it. */
export function anySpelling([label, operator, value]: Matcher): Matcher {
  if (label !== 'le' || (operator !== '=' && operator !== '!=')) return [label, operator, value];
  const spellings = boundSpellings(value);
  if (spellings.length === 1) return [label, operator, value];
  return [label, operator === '=' ? '=~' : '!~', spellings.map(escapeRegex).join('|')];
}

/** A selector within one environment; one that names an environment itself is left as it is. */
export function narrow({ metric, matchers }: CounterSelector, environment: EnvironmentMatcher): CounterSelector {
  const spelt = matchers.map(anySpelling);
  if (!environment || spelt.some(([label]) => label === environment[0])) return { metric, matchers: spelt };
  return { metric, matchers: [...spelt, environment] };
}

export const textOf = ({ metric, matchers }: CounterSelector) => selector(metric, matchers);

interface NarrowedExpression {
  text: string;
  selectors: CounterSelector[];
}

/** Any PromQL with every selector in it narrowed to one environment. The text must have been parsed alone before. */
export function narrowExpression(text: string, environment: EnvironmentMatcher): NarrowedExpression {
  const selectors: CounterSelector[] = [];
  const edits: { at: number; to: number; insert: string }[] = [];
  parser.parse(text).iterate({
    enter({ node, name }) {
      if (name !== 'VectorSelector') return;
      const read = readAny(node, text);
      const narrowed = narrow(read, environment);
      selectors.push(narrowed);
      edits.push({ at: node.from, to: node.to, insert: textOf(narrowed) });
    },
  });
  const narrowed = edits.reduceRight((all, { at, to, insert }) => `${all.slice(0, at)}${insert}${all.slice(to)}`, text);
  return { text: narrowed, selectors };
}

/** Also selectors without the name of a metric, such as `{job="x"}`. */
function readAny(node: SyntaxNode, text: string): CounterSelector {
  try {
    return readSelector(node, text);
  } catch {
    const named = readSelectorParts(node, text);
    return { metric: '', matchers: named };
  }
}

function readSelectorParts(node: SyntaxNode, text: string): Matcher[] {
  // A metric of any name, read as one and taken away again.
  const source = `${quote('any')},`;
  const inside = text.slice(node.from, node.to).replace('{', `{${source}`);
  const found = parser.parse(inside).topNode.firstChild;
  return found ? readSelector(found, inside).matchers : [];
}
