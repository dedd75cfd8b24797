import { parser } from '@prometheus-io/lezer-promql';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

export type Operator = '>' | '>=' | '<' | '<=' | '==' | '!=';

/** One comparison of an expression: what is held against a number. */
export interface Comparison {
  left: string;
  operator: Operator;
  threshold: number;
  /** The number as it is written, e.g. `14.4 * (1 - 0.999)`. */
  written: string;
  /** Set where it is `factor * (1 - target)`: a burn rate. */
  burn: { factor: number; target: number } | null;
}

const operators: Record<string, Operator> = {
  Gtr: '>',
  Gte: '>=',
  Lss: '<',
  Lte: '<=',
  Eql: '==',
  EqlC: '==',
  Neq: '!=',
};
const mirrored: Record<Operator, Operator> = { '>': '<', '>=': '<=', '<': '>', '<=': '>=', '==': '==', '!=': '!=' };

/** The comparisons with a number that must all hold for an expression to fire; none where there are no such. */
export function comparisonsOf(expression: string): Comparison[] {
  const top = parser.parse(expression).topNode.firstChild;
  return top ? within(top, expression) : [];
}

function within(node: SyntaxNode, text: string): Comparison[] {
  const plain = unwrapped(node);
  if (plain.name !== 'BinaryExpr') return [];
  const [left, right] = [plain.firstChild, plain.lastChild];
  if (!left || !right) return [];
  if (plain.getChild('And')) return [...within(left, text), ...within(right, text)];
  // What `unless` takes away does not change what is compared.
  if (plain.getChild('Unless')) return within(left, text);
  const operator = Object.keys(operators).find((name) => plain.getChild(name));
  if (!operator) return [];
  const [a, b] = [constant(left, text), constant(right, text)];
  const written = (side: SyntaxNode) => text.slice(side.from, side.to).trim();
  if (b !== null && a === null) {
    return [
      {
        left: written(left),
        operator: operators[operator]!,
        threshold: b,
        written: written(right),
        burn: burnOf(right, text),
      },
    ];
  }
  if (a !== null && b === null) {
    const turned = mirrored[operators[operator]!];
    return [{ left: written(right), operator: turned, threshold: a, written: written(left), burn: burnOf(left, text) }];
  }
  return [];
}

function unwrapped(node: SyntaxNode): SyntaxNode {
  const inner = node.name === 'ParenExpr' ? node.firstChild : null;
  return inner ? unwrapped(inner) : node;
}

/** The value of an expression of numbers alone; null for anything else. */
function constant(node: SyntaxNode, text: string): number | null {
  const plain = unwrapped(node);
  if (plain.name === 'NumberDurationLiteral') {
    const value = Number(text.slice(plain.from, plain.to).replaceAll('_', ''));
    return Number.isFinite(value) ? value : null;
  }
  const [left, right] = [plain.firstChild, plain.lastChild];
  if (!left || !right) return null;
  if (plain.name === 'UnaryExpr') {
    const value = constant(right, text);
    return value === null ? null : text[plain.from] === '-' ? -value : value;
  }
  if (plain.name !== 'BinaryExpr') return null;
  const [a, b] = [constant(left, text), constant(right, text)];
  if (a === null || b === null) return null;
  if (plain.getChild('Add')) return a + b;
  if (plain.getChild('Sub')) return a - b;
  if (plain.getChild('Mul')) return a * b;
  if (plain.getChild('Div')) return a / b;
  return null;
}

/** `factor * (1 - target)`, as burn-rate rules write their thresholds. */
function burnOf(node: SyntaxNode, text: string): Comparison['burn'] {
  const written = text.slice(node.from, node.to).replace(/\s+/g, '');
  const [, factor, target] = /^\(?([\d.e+-]+)\*\(1-(0?\.\d+)\)\)?$/i.exec(written) ?? [];
  const burn = { factor: Number(factor), target: Number(target) };
  return burn.factor > 0 && burn.target > 0 && burn.target < 1 ? burn : null;
}
