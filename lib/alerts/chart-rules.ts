import type { Comparison } from './expression.ts';
import type { AlertChart } from './schemas.ts';

type Unit = AlertChart['unit'];

/** What the figures of an expression are, as far as its text tells. */
export function unitOf(expression: string, threshold: number | null): Unit {
  const names = [...expression.matchAll(/[a-zA-Z_:][\w:]*/g)].map(([name]) => name);
  const isShare = /\s\/\s/.test(expression) && (threshold === null || Math.abs(threshold) <= 1);
  if (/histogram_quantile/.test(expression)) return 'seconds';
  if (isShare || names.some((name) => /_ratio$/.test(name))) return 'ratio';
  if (names.some((name) => /_seconds(_sum)?$/.test(name)) && !/\bcount\b|\brate\b/.test(expression)) return 'seconds';
  if (names.some((name) => /_bytes$/.test(name)) && !/\s\/\s/.test(expression)) return 'bytes';
  if (/\b(rate|irate)\s*\(/.test(expression)) return 'perSecond';
  return 'count';
}

const inWords: Record<Comparison['operator'], string> = {
  '>': 'above',
  '>=': 'at or above',
  '<': 'below',
  '<=': 'at or below',
  '==': 'equal to',
  '!=': 'other than',
};

/** `above 0.05`, as part of a sentence. */
export const comparedWords = ({ operator, threshold }: Pick<Comparison, 'operator' | 'threshold'>) =>
  `${inWords[operator]} ${Number(threshold.toPrecision(6))}`;

/** The window that a side of a burn-rate rule looks at, as it stands in its text: `1h`. */
export function windowIn(expression: string): string | null {
  return /:rate(\d+[smhdw])\b/.exec(expression)?.[1] ?? /\[(\d+[smhdw])\]/.exec(expression)?.[1] ?? null;
}
