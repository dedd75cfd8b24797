import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** Why an expression that parses gives no series, or null. `offset` is into it. */
export function checkExpression(text: string): { message: string; offset: number } | null {
  let node: SyntaxNode | null = parser.parse(text).topNode.firstChild;
  while (node?.name === 'LineComment') node = node.nextSibling;
  while (node?.name === 'ParenExpr') node = node.firstChild;
  if (!node) return { message: 'must be a PromQL expression', offset: 0 };
  const messages: Record<string, string> = {
    MatrixSelector: 'must be one value for each series, not a range: leave […] away or put a function around it',
    SubqueryExpr: 'must be one value for each series, not a range: put a function around the subquery',
    NumberDurationLiteral: 'must read a metric; a number alone says nothing',
    StringLiteral: 'must read a metric; a text alone says nothing',
  };
  const message = messages[node.name];
  if (message) return { message, offset: node.from };
  let reads = false;
  node.cursor().iterate(({ name }) => {
    if (name === 'VectorSelector') reads = true;
  });
  return reads ? null : { message: 'must read a metric', offset: node.from };
}
